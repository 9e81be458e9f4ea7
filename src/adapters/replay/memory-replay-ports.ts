import { createAccountChanges } from '../../accounts/create-account-changes.js';
import { caseDueAt, casePriority } from '../../cases/case-priority.js';
import type { EvaluatorPorts } from '../../evaluate/evaluator-ports.js';
import { RecentSightings } from '../../evaluate/recent-sightings.js';
import type { Snapshot } from '../../evaluate/snapshot.js';
import type { FeatureStore } from '../../features/feature-store.js';
import { type IdPrefix, newId } from '../../model/ids.js';
import type { AccountStanding } from '../../model/ring.js';
import type { EventNow, Instant } from '../../model/time.js';
import type { DueWork } from '../../replay/due-work.js';
import { RingFollowing, ringTelling } from '../../replay/follow-rings.js';
import { forgetting } from '../../replay/forgetting.js';
import { type RememberedLetThrough, rememberLetThrough } from '../../replay/remember-let-through.js';
import { ReplayClock } from '../../replay/replay-clock.js';
import type { CaseOfAccount, ReplayLine } from '../../replay/replay-line.js';
import type { ReplayPorts } from '../../replay/replay-ports.js';
import { gatherEveryMs, gatherRings } from '../../ring-decisions/gather-rings.js';
import { runDueBatches } from '../../ring-decisions/run-batches.js';
import type { RingChanges } from '../../rings/ring-changes.js';
import type { RuleSet } from '../../ruleset/rule-set.js';
import { createVerificationRecorder } from '../../verification/create-verification-recorder.js';
import { MemoryAccessBatches } from '../memory/access-batches.js';
import { MemoryAccountMemory } from '../memory/account-memory.js';
import { memoryCaseRecords } from '../memory/case-records.js';
import { countedBytes } from '../memory/counted-bytes.js';
import { MemoryDecisionLog } from '../memory/decision-log.js';
import { MemoryEvidenceHistory } from '../memory/evidence-history.js';
import { fastHash } from '../memory/fast-hash.js';
import { MemoryFeatureStore } from '../memory/feature-store.js';
import { MemoryGatherings } from '../memory/gatherings.js';
import { MemoryTruth } from '../memory/memory-truth.js';
import { noLedger } from '../memory/no-ledger.js';
import { plainSealer } from '../memory/plain-sealer.js';
import { MemoryRescoreSchedule } from '../memory/rescore-schedule.js';
import { MemoryRings } from '../memory/rings.js';
import { pagedMembers } from './paged-members.js';

/** What a single replay has beside the world it plays in. */
export interface WorldChanges {
  /** Is told of accounts that came into a ring or left it, and of rings that took in others. */
  readonly onRings?: ((changes: Pick<RingChanges, 'members' | 'merged'>) => void) | undefined;
  /** For readings that are given instead of counted. */
  readonly features?: ((store: FeatureStore) => FeatureStore) | undefined;
}

/** What one replay plays in. */
interface PlayedWorld {
  readonly ruleSet: RuleSet;
  readonly snapshot: Snapshot;
  readonly emit: (line: ReplayLine) => void;
  readonly changes: WorldChanges;
}

/** Adapters in memory around the service's own story; each replay has its own. */
export function memoryReplayPorts({ ruleSet, snapshot, emit, changes }: PlayedWorld): ReplayPorts {
  const clock = new ReplayClock();
  const eventNow = async () => clock.now();
  const random = countedBytes();
  const truth = new MemoryTruth('state');
  const memory = new MemoryAccountMemory();
  const counted = new MemoryFeatureStore();
  const features = changes.features?.(counted) ?? counted;
  const rings = new MemoryRings(ruleSet.links.map(({ spec }) => spec));
  const madeId = (prefix: IdPrefix): string => newId(prefix, clock.now(), random);
  const records = memoryCaseRecords(truth);
  const schedule = new MemoryRescoreSchedule(truth, madeId);
  const following = new RingFollowing(rings, schedule, (told) => {
    noteRings(truth, told);
    changes.onRings?.(told);
  });
  const proofs = new MemoryEvidenceHistory(truth);
  const remembering = rememberLetThrough(new MemoryDecisionLog(truth), ruleSet);
  const { letThrough } = remembering;
  const story: EvaluatorPorts = {
    snapshot: () => snapshot,
    ledger: noLedger,
    memory,
    features,
    rings,
    log: ringTelling(remembering.log, following),
    listener: { accessCommitted: async () => undefined },
    cases: {
      priority: (score, ringSize, cost) => casePriority({ score, ringSize, cost }),
      dueAt: (openedAt, priority, sla) => caseDueAt({ priority, openedAt, ...sla }),
    },
    clock,
    elapsed: () => 0,
    random,
    hashIdentifier: fastHash,
    hashBody: () => '',
    eventsAreUnique: true,
    sealer: plainSealer,
    eventTime: 'trusted',
    eventNow,
    sightings: new RecentSightings(),
  };
  return {
    story,
    clock,
    accounts: createAccountChanges(records, { random }),
    recordVerification: createVerificationRecorder(records, {
      random,
      sharedBy: (accountId, shown) =>
        proofs.sharedBy(accountId, shown, ruleSet.policy.verification.accountsPerIdentifier),
    }),
    features,
    memory,
    schedule,
    rings: following,
    evidence: { story, memory, features, history: proofs, traces: following, schedule, eventNow },
    works: [
      holdingBack({ truth, rings, ruleSet, letThrough, clock, eventNow, madeId }),
      gathering({ truth, rings, ruleSet, clock, madeId }),
    ],
    standingOf: (accountId, at) => standingOf(truth, accountId, at),
    ringOf: (accountId, at) => rings.graph.ringOf(accountId, at),
    takeMessages() {
      const { outbox } = truth;
      if (outbox.length > 0) truth.outbox = [];
      // Nobody asks for it after a replay.
      truth.audit.length = 0;
      return outbox;
    },
    forget: forgetting(clock, (before) => {
      truth.forgetBefore(before);
      memory.forgetBefore(before);
    }),
    emit(line) {
      const cases = takeCases(truth);
      emit(cases.length === 0 ? line : { ...line, cases });
    },
    takeCases: () => takeCases(truth),
  };
}

function takeCases(truth: MemoryTruth): readonly CaseOfAccount[] {
  return truth.takeMoved().map(({ accountId, undecided }) => ({
    account_id: accountId,
    case_id: undecided?.id ?? null,
    whole_ring: undecided?.wholeRing === true,
  }));
}

interface HoldingBack {
  readonly truth: MemoryTruth;
  readonly rings: MemoryRings;
  readonly ruleSet: RuleSet;
  readonly letThrough: RememberedLetThrough['letThrough'];
  readonly clock: ReplayClock;
  readonly eventNow: EventNow;
  readonly madeId: (prefix: IdPrefix) => string;
}

type Gathering = Pick<HoldingBack, 'truth' | 'rings' | 'ruleSet' | 'clock' | 'madeId'>;

/** Earlier members of rings that were found out. */
function holdingBack({ truth, rings, ruleSet, letThrough, clock, eventNow, madeId }: HoldingBack): DueWork {
  const batches = new MemoryAccessBatches(truth);
  const records = memoryCaseRecords(truth);
  const policy = () => ruleSet.policy.retroHold;
  const sla = () => ruleSet.policy.sla;
  const members = pagedMembers(rings);
  const ports = { records, batches, members, policy, sla, letThrough, clock, eventNow, newId: madeId };
  return {
    nextAt: () => batches.nextAt(),
    run: async () => void (await runDueBatches(ports)),
  };
}

/** Held accounts of rings into one case: a while after something is new about any of them. */
function gathering({ truth, rings, ruleSet, clock, madeId }: Gathering): DueWork {
  const gatherings = new MemoryGatherings(truth, {
    ringOf: (accountId) => rings.graph.ringOf(accountId, clock.now()),
    resolve: (ringId) => rings.graph.resolve(ringId),
  });
  const records = memoryCaseRecords(truth);
  const ports = { records, gatherings, sla: () => ruleSet.policy.sla, clock, newId: madeId };
  let since: Instant | undefined;
  return {
    nextAt() {
      if (!truth.freeCases.isNews) return undefined;
      since ??= clock.now();
      return since + gatherEveryMs;
    },
    async run() {
      since = undefined;
      await gatherRings(ports);
    },
  };
}

function noteRings({ freeCases }: MemoryTruth, { members, merged }: Pick<RingChanges, 'members' | 'merged'>): void {
  for (const { accountId } of members) freeCases.noteMember(accountId);
  for (const { into } of merged) freeCases.noteRing(into);
}

/** What the truth knows of an account that rings have to know. */
function standingOf(truth: MemoryTruth, accountId: string, at: Instant): AccountStanding | undefined {
  const account = truth.accounts.get(accountId);
  if (account === undefined) return undefined;
  const { state, label, verified } = account;
  return { accountId, at, held: state === 'held' || state === 'denied', fraud: label === 'fraud', verified };
}
