import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ruleSchemas } from '../ruleset/rule-schemas.js';
import { defineCommand, print, printJson, UsageError } from './command-arguments.js';
import { givenFolder } from './load-rules.js';

const usage = `usage: portcullis rules schema [DIR | --rules DIR] [--json]

Writes JSON Schemas for the YAML files into DIR/schema (RULES_DIR, or rules), so that editors complete and check while
you type. Begin each file with  # yaml-language-server: $schema=../schema/rules.json
  --json  print the schemas instead, by file name`;

/** `rules schema` */
export const run = defineCommand({
  usage,
  takes: 1,
  options: { json: { type: 'boolean' }, rules: { type: 'string' } },
  async run(args, environment) {
    const schemas = ruleSchemas();
    if (args.flag('json')) {
      printJson(schemas);
      return 0;
    }
    const folder = join(givenFolder(args, environment), 'schema');
    await write(folder, schemas).catch((failure: NodeJS.ErrnoException) => {
      throw new UsageError(`cannot write into '${folder}': ${failure.code ?? failure.message}`);
    });
    print(
      Object.keys(schemas)
        .map((name) => `wrote ${join(folder, name)}`)
        .join('\n'),
    );
    return 0;
  },
});

/** Only the folder itself is made: a rules directory that is not there is a mistake. */
async function write(folder: string, schemas: Readonly<Record<string, object>>): Promise<void> {
  await mkdir(folder).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code !== 'EEXIST') throw failure;
  });
  const files = Object.entries(schemas).map(([name, schema]) =>
    writeFile(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`),
  );
  await Promise.all(files);
}
