import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { parse, stringify } from 'yaml';
import { openReplay } from '../../src/adapters/replay/open-replay.js';
import { generateCampaign } from '../../src/campaigns/generate-campaign.js';
import type { Event } from '../../src/model/event.js';
import { replayEvents } from '../../src/replay/replay-events.js';
import type { DecisionLine } from '../../src/replay/replay-line.js';
import { eventually } from './eventually.js';
import { startPostgres } from './postgres-server.js';
import { startRedis } from './redis-server.js';
import { projectRoot, type Service, startService } from './service.js';

const dayMs = 86_400_000;
/** Shorter than the first rescoring: what the service does by its own clock must not come between. */
const spanMs = 45 * 60_000;

/** What has to be the same for an event. */
export type Compared = Pick<DecisionLine, 'event_id' | 'outcome' | 'score' | 'rules' | 'state'>;

export interface ParityReport {
  /** Compared. */
  readonly events: number;
  /** Not compared: of accounts of which the busy machine let the service decide without an input. */
  readonly degraded: number;
  readonly differences: readonly { readonly service: Compared; readonly replay: Compared | undefined }[];
  readonly outcomes: Readonly<Record<string, number>>;
  /** Decisions in which a rule about rings fired. */
  readonly byRings: number;
}

/** Events of a campaign among honest people, brought together into the last three quarters of an hour. */
export function parityEvents(count: number, seed: string): Event[] {
  const accounts = Math.ceil(count / 4);
  const start = Date.parse('2026-05-01T00:00:00Z');
  const campaign = { tier: 'T2', scenario: 'single', regime: 'burn', crowds: {}, usageDays: 1, adapted: [] } as const;
  const sizes = { honest: accounts, accounts: Math.ceil(accounts / 4), knownExits: 0.3, days: 4 };
  const spans = { start, attackFromD: 1, attackDays: 2 };
  const events: Event[] = [];
  for (const { event } of generateCampaign({ seed, ...campaign, ...sizes, ...spans })) {
    if (event !== undefined) events.push(event);
    if (events.length === count) break;
  }
  const last = Date.parse(events.at(-1)?.occurred_at ?? '') || start + 4 * dayMs;
  const from = Date.now() - spanMs;
  const moved = (at: string | undefined): string =>
    new Date(from + Math.floor((spanMs * (Date.parse(at ?? '') - start)) / (last - start))).toISOString();
  return events.map((event) => ({ ...event, occurred_at: moved(event.occurred_at) }));
}

async function copyOfRules(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'portcullis-parity-'));
  await cp(join(projectRoot, 'rules'), dir, { recursive: true });
  return dir;
}

/**
 * The project's rules without links and rules of rings: the ring worker follows the decisions by a moment, so that what an
 * event finds of a ring depends on how quickly the events come.
 */
async function withoutRings(): Promise<string> {
  const dir = await copyOfRules();
  for (const name of await readdir(dir, { recursive: true })) {
    if (!/\.ya?ml$/.test(name) || /\.test\.ya?ml$/.test(name)) continue;
    const { links: _links, rules, ...rest } = parse(await readFile(join(dir, name), 'utf8')) ?? {};
    const kept = Array.isArray(rules) ? rules.filter((rule) => !/\bring\./.test(JSON.stringify(rule))) : undefined;
    await writeFile(join(dir, name), stringify({ ...rest, ...(kept === undefined ? {} : { rules: kept }) }));
  }
  return dir;
}

async function replayed(events: readonly Event[], rulesDir: string): Promise<ReadonlyMap<string, Compared>> {
  const world = await openReplay({ rulesDir, dataDir: join(rulesDir, 'no-data') });
  if (!world.ok) throw new Error(world.error.join('\n'));
  const found = new Map<string, Compared>();
  async function* lines() {
    yield events.map((event) => JSON.stringify(event));
  }
  const onBadLine = (problem: object): never => {
    throw new Error(JSON.stringify(problem));
  };
  const ports = world.value.ports((line) => {
    if (line.kind === 'decision') found.set(line.event_id, line);
  });
  await replayEvents({ events: lines(), horizonMs: 0, onBadLine }, ports);
  return found;
}

/** Everything that follows a decision is over: what changed is told, rings are followed, whom they make due is judged again. */
async function followed(client: pg.Client): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    // The ring worker hears of a commit at once, and looks every 150 ms in any case.
    await new Promise((resolve) => setTimeout(resolve, 160));
    const { rows } = await client.query(`select 1 from outbox where done_at is null
      union all select 1 from rescores where not_before <= now()
      union all select 1 from access_batches where state in ('planned', 'undoing') and not_before <= now() limit 1`);
    quiet = rows.length === 0 ? quiet + 1 : 0;
  }
}

const isEmpty = async (client: pg.Client, sql: string): Promise<boolean> => (await client.query(sql)).rows.length === 0;

async function throughService(
  events: readonly Event[],
  service: Service,
  client: pg.Client,
  withRings: boolean,
): Promise<{ readonly found: readonly Compared[]; readonly degraded: number }> {
  const found: Compared[] = [];
  /** What was decided without an input says nothing of the same decision with it. */
  const blind = new Set<string>();
  const states = new Map<string, string>();
  for (const event of events) {
    const { event_id, account_id, outcome, score, reasons, access, degraded } = await service.evaluate(event);
    if (degraded.length > 0) {
      blind.add(account_id);
      // What could not be counted is counted when it is decided again: later events are as they would have been.
      await eventually(() => isEmpty(client, 'select 1 from accounts where rescore_event_id is not null limit 1'));
    }
    if (!blind.has(account_id))
      found.push({ event_id, outcome, score, rules: reasons.map(({ rule }) => rule), state: access.state });
    const isNews = states.get(account_id) !== access.state && (access.state === 'held' || access.state === 'denied');
    // Held accounts leave what is usual once the relay has told the features: the next event waits for that.
    if (isNews) await eventually(() => isEmpty(client, 'select 1 from outbox where done_at is null limit 1'));
    if (withRings) await followed(client);
    states.set(account_id, access.state);
  }
  return { found, degraded: events.length - found.length };
}

const textOf = ({ outcome, score, rules, state }: Compared): string => JSON.stringify([outcome, score, rules, state]);

/** The same events, one after the other, through the service on PostgreSQL and Redis, and through a replay. */
export async function compareWithService(count: number, seed: string, withRings = false): Promise<ParityReport> {
  const [postgres, redis, rulesDir] = await Promise.all([
    startPostgres(),
    startRedis(),
    withRings ? copyOfRules() : withoutRings(),
  ]);
  const client = new pg.Client({ connectionString: postgres.url });
  try {
    const events = parityEvents(count, seed);
    const servers = { databaseUrl: postgres.url, redisUrl: redis.url };
    const service = await startService({ ...servers, rulesDir, env: { EVENT_TIME: 'trusted' } });
    try {
      await client.connect();
      const { found, degraded } = await throughService(events, service, client, withRings);
      return { ...report(found, await replayed(events, rulesDir)), degraded };
    } finally {
      await service.remove();
    }
  } finally {
    await client.end();
    await Promise.all([postgres.stop(), redis.stop(), rm(rulesDir, { recursive: true, force: true })]);
  }
}

function report(decided: readonly Compared[], other: ReadonlyMap<string, Compared>): Omit<ParityReport, 'degraded'> {
  const outcomes: Record<string, number> = {};
  for (const { outcome } of decided) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const differences = decided.flatMap((service) => {
    const replay = other.get(service.event_id);
    return replay !== undefined && textOf(service) === textOf(replay) ? [] : [{ service, replay }];
  });
  const byRings = decided.filter(({ rules }) => rules.some((id) => id.startsWith('ring-'))).length;
  return { events: decided.length, differences, outcomes, byRings };
}
