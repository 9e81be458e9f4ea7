import { asOf } from '../../cases/as-of.js';
import { caseCursorOf, parseCaseCursor } from '../../cases/case-cursor.js';
import { waitsFrom } from '../../cases/case-priority.js';
import type { CaseRecord } from '../../cases/case-records.js';
import { queueViewShows } from '../../cases/queue-views.js';
import type { CaseFilter, CasePage, CaseSeen, ListedCase } from '../../cases/review-queue.js';
import { caseOf } from '../../cases/shown-case.js';
import { peoplesReasons } from '../../model/case.js';
import type { MemoryTruth } from './memory-truth.js';

/** A page of the queue. */
export function listCases(truth: MemoryTruth, filter: CaseFilter): CasePage {
  const placeOf = sortPlaces[filter.sort];
  const after = parseCaseCursor(filter.cursor);
  const isAfter = (one: CaseRecord): boolean =>
    after === undefined || placeOf(one) > after.value || (placeOf(one) === after.value && one.id > after.id);
  const sorted = [...truth.cases.values()]
    .filter((one) => matches(truth, one, filter) && isAfter(one))
    .sort((a, b) => placeOf(a) - placeOf(b) || (a.id < b.id ? -1 : 1));
  const cases = sorted.slice(0, filter.limit);
  const last = cases.at(-1);
  const more = sorted.length > cases.length && last !== undefined;
  return {
    cases: cases.map((one): ListedCase => ({ ...caseOf(asOf(one, filter.now ?? 0)), seen: seenOf(truth, one) })),
    nextCursor: more ? caseCursorOf({ value: placeOf(last), id: last.id, sort: filter.sort }) : null,
  };
}

const sortPlaces: Readonly<Record<CaseFilter['sort'], (one: CaseRecord) => number>> = {
  priority: waitsFrom,
  opened_at: ({ openedAt }) => openedAt,
  due_at: ({ dueAt }) => dueAt,
};

/** What its decision saw. The size of a ring is the ring worker's, which memory has not. */
function seenOf(truth: MemoryTruth, { decisionId, reason }: CaseRecord): CaseSeen {
  const stored = truth.decisions.get(decisionId ?? '');
  const textOf = (name: string): string | null => {
    const value = stored?.inputs[name];
    return value === undefined ? null : String(value);
  };
  const asn = textOf('ip.asn') ?? textOf('signup.asn');
  return {
    title: peoplesReasons.has(reason) ? null : (stored?.decision.reasons[0]?.title ?? null),
    country: textOf('ip.country') ?? textOf('signup.country'),
    network: asn === null ? null : `AS${asn}`,
    emailDomain: textOf('email.domain'),
    ringSize: null,
  };
}

const hasMember = (truth: MemoryTruth, caseId: string, q: string): boolean =>
  [...truth.rings.membersOf(caseId)].some(({ accountId, leftAt }) => leftAt === null && accountId.startsWith(q));

function matches(truth: MemoryTruth, found: CaseRecord, filter: CaseFilter): boolean {
  const { view, state, reason, ring, accountId, actor = '', now = 0, q, country, minScore } = filter;
  const one = asOf(found, now);
  return (
    (view === undefined || (one.state !== 'decided' && queueViewShows[view](one, { actor, now }))) &&
    (state === undefined || one.state === state) &&
    (reason === undefined || one.reason === reason) &&
    (ring === undefined || one.ringId === ring) &&
    (q === undefined || one.accountId.startsWith(q) || hasMember(truth, one.id, q)) &&
    (minScore === undefined || one.score >= minScore) &&
    (country === undefined || seenOf(truth, one).country === country) &&
    (accountId === undefined || one.accountId === accountId || truth.rings.member(one.id, accountId) !== undefined)
  );
}
