import { openTruth } from './adapters/embedded/open-truth.js';
import { migrate } from './adapters/postgres/migrate.js';
import { defineCommand, print, printJson, UsageError } from './cli/command-arguments.js';
import { type Config, readConfig } from './config.js';

const usage = `usage: portcullis migrate [--json]

Brings the database (DATABASE_URL, or the embedded one in DATA_DIR) up to date. The service does it at start too.
`;

/** `migrate` */
export const run = defineCommand({
  usage,
  options: { json: { type: 'boolean' } },
  async run(args, environment) {
    const read = readConfig(environment);
    if (!read.ok) throw new UsageError(read.lines.join('\nportcullis: '));
    const { applied, description } = await bringUpToDate(read.config).catch((error: unknown) => {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    });
    const what = applied.length === 0 ? 'already up to date' : `applied ${applied.join(', ')}`;
    if (args.flag('json')) printJson({ applied });
    else print(`${description}: ${what}`);
    return 0;
  },
});

async function bringUpToDate({ DATABASE_URL, DATA_DIR }: Config) {
  const truth = await openTruth({ databaseUrl: DATABASE_URL, dataDir: DATA_DIR, onConnectionError: () => undefined });
  try {
    return { applied: await migrate(truth.patient), description: truth.description };
  } finally {
    await truth.close();
  }
}
