import { randomBytes } from 'node:crypto';
import { migrate } from './adapters/postgres/migrate.js';
import { openPostgres } from './adapters/postgres/open-postgres.js';
import { SqlServiceKeys } from './adapters/postgres/service-keys.js';
import { defineCommand, print, printJson, UsageError } from './cli/command-arguments.js';
import { adminKey, originOf, wrongKey } from './cli/service-client.js';
import { type Config, readConfig } from './config.js';
import { type ServiceRole, serviceKeyName, serviceRoles } from './model/service-key.js';

const usage = `usage: portcullis keys create --role ROLE [--name NAME] [--json]

Makes an API key and prints its secret, once. Roles: ${serviceRoles.join(', ')}.
Where the store is embedded, it asks the service that is running (HOST, PORT).
`;

interface NewKey {
  readonly id: string;
  readonly role: string;
  readonly name: string;
  readonly secret: string;
}

/** `keys create` */
export const run = defineCommand({
  usage,
  options: { role: { type: 'string' }, name: { type: 'string' }, json: { type: 'boolean' } },
  async run(args, environment) {
    const role = serviceRoles.find((known) => known === args.text('role'));
    if (role === undefined) throw new UsageError(`--role: expected one of ${serviceRoles.join(', ')}`);
    const name = serviceKeyName.safeParse(args.text('name') ?? role);
    if (!name.success) throw new UsageError(`--name: ${name.error.issues.map(({ message }) => message).join('; ')}`);
    const read = readConfig(environment);
    if (!read.ok) throw new UsageError(read.lines.join('\nportcullis: '));
    const key = await create(read.config, role, name.data).catch((error: unknown) => {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    });
    if (args.flag('json')) printJson(key);
    else print(`${key.secret}\n(${key.id}, ${key.role}; shown once)`);
    return 0;
  },
});

const create = (config: Config, role: ServiceRole, name: string): Promise<NewKey> =>
  config.DATABASE_URL === undefined ? askService(config, role, name) : writeKey(config.DATABASE_URL, role, name);

/** The actor in the audit trail: whoever may reach the database needs no key. */
const commandLine = 'command_line';

async function writeKey(url: string, role: ServiceRole, name: string): Promise<NewKey> {
  const database = await openPostgres(url, { callTimeoutMs: 5000 });
  try {
    await migrate(database);
    const keys = new SqlServiceKeys(database, {
      clock: { now: () => Date.now() },
      random: (count) => randomBytes(count),
    });
    const { key, secret } = await keys.create(role, name, commandLine);
    return { id: key.id, role: key.role, name: key.name, secret };
  } finally {
    await database.close();
  }
}

/** The embedded database is open in one process only: the service's. */
async function askService(config: Config, role: ServiceRole, name: string): Promise<NewKey> {
  const secret = await adminKey(config);
  const url = `${originOf(config)}/v1/keys`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ role, name }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => {
    throw new Error(`no service answers at ${url}: start it first, or set DATABASE_URL`);
  });
  if (response.status === 401) throw new Error(wrongKey(config, originOf(config)));
  if (!response.ok) throw new Error(`the service at ${url} refused: ${response.status} ${await response.text()}`);
  return (await response.json()) as NewKey;
}
