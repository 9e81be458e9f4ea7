import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ruleSchemas } from '../ruleset/rule-schemas.js';
import { defineCommand, print, printJson } from './command-arguments.js';
import { rulesDirectory } from './load-rules.js';

const usage = `usage: portcullis rules schema [DIR] [--json]

Writes JSON Schemas for the YAML files into DIR/schema (RULES_DIR, or rules), so that editors complete and check while
you type. Begin each file with  # yaml-language-server: $schema=../schema/rules.json
  --json  print the schemas instead, by file name`;

/** `rules schema` */
export const run = defineCommand({
  usage,
  options: { json: { type: 'boolean' } },
  async run(args, environment) {
    const schemas = ruleSchemas();
    if (args.flag('json')) {
      printJson(schemas);
      return 0;
    }
    const folder = join(rulesDirectory(args.positionals[0], environment), 'schema');
    await mkdir(folder, { recursive: true });
    await Promise.all(
      Object.entries(schemas).map(([name, schema]) =>
        writeFile(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`),
      ),
    );
    print(
      Object.keys(schemas)
        .map((name) => `wrote ${join(folder, name)}`)
        .join('\n'),
    );
    return 0;
  },
});
