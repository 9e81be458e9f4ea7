import { openTruth } from './adapters/embedded/open-truth.js';
import { migrate } from './adapters/postgres/migrate.js';
import { readConfig } from './config.js';

const help = `usage: portcullis migrate

Brings the database (DATABASE_URL, or the embedded one in DATA_DIR) up to date. The service does it at start too.
`;

export async function run(args: string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  const read = readConfig(process.env);
  if (!read.ok) return fail(read.lines);
  try {
    const { DATABASE_URL, DATA_DIR } = read.config;
    const truth = await openTruth({ databaseUrl: DATABASE_URL, dataDir: DATA_DIR, onConnectionError: () => undefined });
    try {
      const applied = await migrate(truth.patient);
      const what = applied.length === 0 ? 'already up to date' : `applied ${applied.join(', ')}`;
      process.stdout.write(
        args.includes('--json') ? `${JSON.stringify({ applied })}\n` : `${truth.description}: ${what}\n`,
      );
      return 0;
    } finally {
      await truth.close();
    }
  } catch (error) {
    return fail([error instanceof Error ? error.message : String(error)]);
  }
}

function fail(lines: readonly string[]): number {
  for (const line of lines) process.stderr.write(`portcullis: ${line}\n`);
  return 1;
}
