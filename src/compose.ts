import type { Server } from 'node:http';
import { closeInTurn } from './adapters/close-in-turn.js';
import { installationSecret } from './adapters/files/secrets.js';
import { startBackground } from './compose/background.js';
import { composeParts } from './compose/compose-parts.js';
import { evaluatorPorts } from './compose/evaluator.js';
import { composeExplaining } from './compose/explaining.js';
import { openFoundation } from './compose/foundation.js';
import { Opened } from './compose/opened.js';
import type { Parts } from './compose/parts.js';
import { openServer } from './compose/server.js';
import type { Config } from './config.js';
import { closeGracefully } from './http/create-http-server.js';
import type { Logger } from './telemetry/logger.js';
import { reportsOnly } from './workers/tell-rule-set.js';

/** A running service, not listening yet. */
export interface Service {
  readonly server: Server;
  /** For people: what runs where. */
  readonly lines: readonly (readonly [what: string, where: string])[];
  /** The key for trying, when none was configured. */
  readonly madeKey: string | undefined;
  /** False where it only does background work. */
  readonly answersApi: boolean;
  /** Takes fourteen seconds at most; returns what has not ended by then. */
  close(): Promise<readonly string[]>;
}

/** Requests in flight, then what goes on behind them, then what that needed: fourteen seconds in all, whatever hangs. */
const requestsEndWithinMs = 5000;
/** To send them what became of them. */
const answersEndWithinMs = 500;
const workEndsWithinMs = 4500;
const restEndsWithinMs = 1000;
const storesCloseWithinMs = 3000;

/** The one place where things are constructed. A start that fails leaves nothing running behind. */
export async function composeService(config: Config, log: Logger): Promise<Service> {
  const opened = new Opened();
  try {
    return await compose(config, log, opened);
  } catch (error) {
    // The first error is the one to tell.
    await opened.endWork().catch(() => undefined);
    await opened.endParts().catch(() => undefined);
    await opened.closeStores().catch(() => undefined);
    throw error;
  }
}

async function compose(config: Config, log: Logger, opened: Opened): Promise<Service> {
  const foundation = await openFoundation(config, log, opened);
  const parts = await composeParts(foundation, opened);
  const ports = evaluatorPorts(parts);
  const explaining = composeExplaining({ database: parts.truth.patient, rules: parts.rules, ports, log });
  opened.part(() => explaining.stop());
  const background = config.ROLES.includes('workers') ? await startBackground(parts, ports) : undefined;
  opened.work(() => background?.stop());
  if (background !== undefined) parts.committed.tell = background.wake;
  const madeKey = await keyForTrying(config);
  const server = openServer({ ...parts, explaining }, ports, config.BOOTSTRAP_API_KEY ?? madeKey);
  server.once('listening', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) parts.listening.port = address.port;
  });
  return {
    server,
    madeKey,
    answersApi: config.ROLES.includes('api'),
    lines: linesOf(parts),
    close: () => closeService(server, opened, parts),
  };
}

/** Where no key is configured, one is made for this installation; production has to bring its own. */
const keyForTrying = async (config: Config): Promise<string | undefined> =>
  config.BOOTSTRAP_API_KEY === undefined && config.NODE_ENV !== 'production'
    ? await installationSecret(config.DATA_DIR, 'bootstrap-key', 'pk_admin_')
    : undefined;

const linesOf = ({ truth, store, rules, config }: Parts): Service['lines'] => [
  ['database', truth.description],
  ['hot store', store.description],
  ['rules', rules.description],
  ...(rules.live.snapshot().ruleSet.policy.level === 'report' ? [['attention', reportsOnly] as const] : []),
  ['IP data', rules.ipDescription],
  ['work', config.ROLES.join(', ')],
];

async function closeService(server: Server, opened: Opened, { config, log }: Parts): Promise<readonly string[]> {
  const left = await closeInTurn([
    {
      name: 'requests',
      withinMs: requestsEndWithinMs + answersEndWithinMs,
      close: () => closeGracefully(server, { drainMs: config.DRAIN_MS, deadlineMs: requestsEndWithinMs }),
    },
    { name: 'background work', withinMs: workEndsWithinMs, close: () => opened.endWork() },
    { name: 'what requests had used', withinMs: restEndsWithinMs, close: () => opened.endParts() },
    { name: 'stores', withinMs: storesCloseWithinMs, close: () => opened.closeStores() },
  ]);
  if (left.length > 0) log.error({ left }, 'the service ends without waiting any longer for what has not ended');
  return left;
}
