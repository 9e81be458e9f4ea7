import { fileURLToPath } from 'node:url';
import { readConsoleFiles } from '../adapters/files/console-files.js';
import { SqlBacklogFigures } from '../adapters/postgres/backlog-figures.js';
import { CommitWatch } from '../adapters/postgres/commit-watch.js';
import type { Database } from '../adapters/postgres/database.js';
import { SqlOutbox } from '../adapters/postgres/outbox.js';
import { probeWrites } from '../adapters/redis/write-probe.js';
import { Admission } from '../evaluate/admission.js';
import { startBacklogWatch } from '../workers/backlog-watch.js';
import { type ProjectionWatch, startProjectionWatch } from '../workers/projection-watch.js';
import { openCandidate } from './candidate.js';
import { announcedRecords } from './case-services.js';
import { composeErasedTraces } from './erased-traces.js';
import type { Foundation } from './foundation.js';
import { composeHolds } from './holds.js';
import { composeIntegrations, type Integrations } from './integrations.js';
import type { Opened } from './opened.js';
import { type Committed, type Listening, type Parts, random } from './parts.js';
import { composeRingDesk } from './ring-desk.js';
import { composeRings } from './rings.js';
import { composeRollout } from './rollout.js';
import { verificationLinkOf } from './verification.js';

/** A statement that is under way then has the rest of what background work may take to end. */
const rewriteEndsWithinMs = 3500;
/** At once, those included that wait for their place: one more is refused. */
const maxEvaluations = 256;
/** Bodies on their way, of at most 64 KiB each. */
const maxReading = 2048;
const maxReadingOfOne = 512;

/** Everything that requests and background work use. */
export async function composeParts(foundation: Foundation, opened: Opened): Promise<Parts> {
  const listening: Listening = { port: foundation.config.PORT };
  const committed: Committed = { tell: () => undefined };
  const ringParts = await composeRingParts(foundation, committed);
  const ruleParts = await composeRuleParts(foundation, opened);
  const integrations = await composeTelling(foundation, listening, opened);
  const projectionWatch = watchBacklogs(foundation, opened);
  const consoleFiles = await readConsoleFiles(fileURLToPath(new URL('../console', import.meta.url)));
  return {
    ...foundation,
    ...ringParts,
    ...ruleParts,
    integrations,
    projectionWatch,
    consoleFiles,
    committed,
    listening,
    admission: new Admission({ maxInside: maxEvaluations, maxReading, maxReadingOfOne, elapsed: foundation.elapsed }),
    commitWatch: new CommitWatch(foundation.elapsed),
  };
}

/** Rings, what people decide about them, and what follows for their members. */
async function composeRingParts(
  foundation: Foundation,
  committed: Committed,
): Promise<Pick<Parts, 'rings' | 'ringDesks' | 'holds'>> {
  const { config, truth, store, truthWatch, rules } = foundation;
  const recordsOf = (database: Database) => announcedRecords(database, { store, truthWatch });
  const rings = await composeRings({ ...foundation, eventTime: config.EVENT_TIME });
  const ringDesks = composeRingDesk({
    ...foundation,
    database: truth.patient,
    records: recordsOf(truth.patient),
    members: rings.members,
    policy: () => rules.live.snapshot().ruleSet.policy,
    onChanged: () => committed.tell(),
  });
  const holds = composeHolds({
    ...foundation,
    database: truth.patient,
    background: truth.background,
    recordsOf,
    members: rings.members,
    ringDecisions: ringDesks.ports,
  });
  return { rings, ringDesks, holds };
}

/** Rules that are tried, and how far new ones have come. */
async function composeRuleParts(foundation: Foundation, opened: Opened): Promise<Pick<Parts, 'candidate' | 'rollout'>> {
  const { config, truth, rules, log, newId } = foundation;
  const candidate = await openCandidate({ folder: config.REPORT_RULES_DIR, prepare: rules.prepare, log });
  opened.part(() => candidate.close());
  const rollout = await composeRollout({
    ...foundation,
    database: truth.patient,
    background: truth.background,
    snapshot: () => rules.live.snapshot(),
    candidate,
    instance: newId('inst'),
  });
  opened.part(() => rollout.stop());
  return { candidate, rollout };
}

/** What others are told, and what is erased for them. */
async function composeTelling(foundation: Foundation, listening: Listening, opened: Opened): Promise<Integrations> {
  const { config, truth, pepper } = foundation;
  const erasedTraces = composeErasedTraces(foundation);
  // Nobody can erase any more then; what is not rewritten in time is left for the next start.
  opened.work(() => erasedTraces.stop(rewriteEndsWithinMs));
  const integrations = await composeIntegrations({
    ...foundation,
    database: truth.patient,
    background: truth.background,
    allowLoopback: config.WEBHOOK_LOOPBACK === 'allow',
    auditPlace: { dataDir: config.DATA_DIR, databaseUrl: config.DATABASE_URL },
    onErased: () => erasedTraces.ask(),
    verificationLink: verificationLinkOf({ config, listening, pepper }),
    random,
  });
  opened.part(() => integrations.stop());
  return integrations;
}

/** What waits to be told is watched on every instance, whoever does the telling. */
function watchBacklogs(foundation: Foundation, opened: Opened): ProjectionWatch {
  const { truth, store, lossWatch, rules, elapsed, log, metrics } = foundation;
  const projectionWatch = startProjectionWatch({
    probe: () => probeWrites(store.relay),
    soundness: () => lossWatch.soundness,
    outbox: new SqlOutbox(truth.background),
    elapsed,
    logger: log,
    metrics,
  });
  opened.part(() => projectionWatch.stop());
  const backlogFigures = new SqlBacklogFigures(truth.background);
  const backlogWatch = startBacklogWatch({
    read: () => backlogFigures.read(),
    hasRings: () => rules.live.snapshot().ruleSet.links.length > 0,
    metrics,
  });
  opened.part(() => backlogWatch.stop());
  return projectionWatch;
}
