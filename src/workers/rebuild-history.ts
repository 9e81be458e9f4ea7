import type { EventHistory, HistoryPlace, PastEvent } from '../evaluate/event-history.js';
import type { EvidenceHistory, EvidenceRecord } from '../evaluate/evidence-history.js';
import { AccountTrail, type RecountPorts, recountEvents } from '../evaluate/recount-events.js';
import { reachOf } from '../features/feature-lifetime.js';
import type { FeatureRequest, FeatureStore } from '../features/feature-store.js';
import { StoreUnavailable } from '../model/store-unavailable.js';
import type { Clock, Instant } from '../model/time.js';
import { Unavailable } from '../model/value.js';

/** The right to rebuild; both give false when what was rebuilt so far is lost again. */
export interface HistoryLease {
  advance(): Promise<boolean>;
  finish(now: Instant): Promise<boolean>;
}

export interface RebuildPorts extends RecountPorts {
  readonly history: EventHistory;
  readonly evidence: Pick<EvidenceHistory, 'page'>;
  /** What a passed verification counts for. */
  readonly countOf: (record: EvidenceRecord) => Promise<FeatureRequest>;
  /** Counts in the store itself, whatever it shows of itself. */
  readonly features: FeatureStore;
  /** Removes what is left of the lost history, asking before each step; false when it was told to stop. */
  readonly clear: (mayGoOn: () => Promise<boolean>) => Promise<boolean>;
  readonly clock: Clock;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly onProgress: (kind: 'event' | 'verification' | 'label' | 'standing', count: number) => void;
  /** True when the process ends: the rebuild is left to another. */
  readonly isStopping: () => boolean;
}

const pageSize = 500;
/** Work between two pauses: the event loop is held no longer than this and the sending that follows, together 10 ms. */
const sliceMs = 4;
/** Events sent at the same time. */
const atOnce = 24;
/** Of the time that was worked: evaluations have the rest. */
const restShare = 0.5;
/** An evaluation that counted before the clearing has committed, or was given up, after this time. */
const inFlightMs = 1000;
/** Between the clocks of instances. */
const clockSkewMs = 60_000;

/**
 * Counts the stored events of the longest window, their labels and the standing of their accounts again, oldest first. Safe to begin again at any time:
 * it starts by clearing. False when it was interrupted.
 */
export async function rebuildHistory(lease: HistoryLease, ports: RebuildPorts): Promise<boolean> {
  const { history, clock, clear, snapshot, pause, isStopping } = ports;
  const mayGoOn = async (): Promise<boolean> => !isStopping() && (await lease.advance());
  if (!(await mayGoOn()) || !(await clear(mayGoOn))) return false;
  // What is decided from now on is counted by the story itself; what comes in both ways is counted once.
  const decidedUntil = clock.now() + clockSkewMs;
  await pause(inFlightMs);
  const newest = await history.newestAt();
  if (newest !== undefined) {
    const longest = Math.max(0, ...snapshot().ruleSet.features.map(reachOf));
    const from = Math.min(newest, clock.now()) - longest;
    if (!(await recountAll({ from, decidedUntil }, lease, ports))) return false;
    if (!(await proveAll(from, lease, ports))) return false;
    if (!(await labelAll(lease, ports)) || !(await standAll(lease, ports))) return false;
  }
  return lease.finish(clock.now());
}

interface Span {
  readonly from: Instant;
  readonly decidedUntil: Instant;
}

async function recountAll({ from, decidedUntil }: Span, lease: HistoryLease, ports: RebuildPorts): Promise<boolean> {
  const trail = new AccountTrail();
  let after: HistoryPlace = { occurredAt: from, decisionId: '' };
  for (;;) {
    if (ports.isStopping() || !(await lease.advance())) return false;
    const events = await ports.history.events({ after, decidedUntil, limit: pageSize });
    if (events.length > 0) await recountPage(events, trail, ports);
    const last = events.at(-1);
    if (last === undefined || events.length < pageSize) return true;
    after = last;
  }
}

async function recountPage(events: readonly PastEvent[], trail: AccountTrail, ports: RebuildPorts): Promise<void> {
  const [first] = events;
  const unknown = trail.unknownOf(events);
  const earlier = first === undefined || unknown.length === 0 ? [] : await ports.history.eventsBefore(unknown, first);
  await inSlices(recountEvents({ earlier, events }, trail, ports), ports);
  trail.trim();
  ports.onProgress('event', events.length);
}

/** Works a few milliseconds, counts what came of it, rests in proportion. */
async function inSlices(steps: Iterable<FeatureRequest | undefined>, ports: RebuildPorts): Promise<void> {
  const { elapsed, pause } = ports;
  let startedAt = elapsed();
  let requests: FeatureRequest[] = [];
  for (const request of steps) {
    if (request !== undefined) requests.push(request);
    const workedMs = elapsed() - startedAt;
    if (workedMs < sliceMs && requests.length < atOnce) continue;
    await countAgain(requests, ports);
    requests = [];
    await pause(workedMs * restShare);
    startedAt = elapsed();
  }
  await countAgain(requests, ports);
}

async function countAgain(requests: readonly FeatureRequest[], { features }: RebuildPorts): Promise<void> {
  const answers = await Promise.all(requests.map((request) => features.observe(request)));
  if (answers.flat().some((reading) => reading instanceof Unavailable))
    throw new StoreUnavailable('the velocity features could not be counted again');
}

/** What accounts were verified with, as it was counted then. */
async function proveAll(from: Instant, lease: HistoryLease, ports: RebuildPorts): Promise<boolean> {
  const { evidence, countOf, onProgress, pause, elapsed } = ports;
  let after: Pick<EvidenceRecord, 'at' | 'id'> = { at: from, id: '' };
  for (;;) {
    if (ports.isStopping() || !(await lease.advance())) return false;
    const startedAt = elapsed();
    const records = await evidence.page(after, atOnce);
    await countAgain(await Promise.all(records.map(countOf)), ports);
    if (records.length > 0) onProgress('verification', records.length);
    const last = records.at(-1);
    if (last === undefined || records.length < atOnce) return true;
    after = last;
    await pause((elapsed() - startedAt) * restShare);
  }
}

async function labelAll(lease: HistoryLease, { history, features, onProgress, ...ports }: RebuildPorts) {
  let after = 0;
  for (;;) {
    if (ports.isStopping() || !(await lease.advance())) return false;
    const labels = await history.labels(after, atOnce);
    // One after the other: of two for the same account the later one wins in any order, and each touches many keys.
    for (const { accountId, label, observedAt } of labels) await features.label(accountId, label, observedAt);
    if (labels.length > 0) onProgress('label', labels.length);
    const last = labels.at(-1);
    if (last === undefined || labels.length < atOnce) return true;
    after = last.id;
  }
}

async function standAll(lease: HistoryLease, { history, features, onProgress, ...ports }: RebuildPorts) {
  let after = '';
  for (;;) {
    if (ports.isStopping() || !(await lease.advance())) return false;
    const standings = await history.standings(after, atOnce);
    for (const { accountId, outAt, goodAt } of standings) {
      await features.standing(accountId, 'out', outAt);
      if (goodAt !== undefined) await features.standing(accountId, 'good', goodAt);
    }
    if (standings.length > 0) onProgress('standing', standings.length);
    const last = standings.at(-1);
    if (last === undefined || standings.length < atOnce) return true;
    after = last.accountId;
  }
}
