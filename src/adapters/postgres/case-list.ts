import { asOf } from '../../cases/as-of.js';
import { caseCursorOf, parseCaseCursor } from '../../cases/case-cursor.js';
import { dueSoonMs, membersSearched } from '../../cases/queue-views.js';
import type { CaseFilter, CasePage, ListedCase } from '../../cases/review-queue.js';
import { caseOf } from '../../cases/shown-case.js';
import type { CaseState } from '../../model/case.js';
import type { Instant } from '../../model/time.js';
import { type CaseRow, caseRecordOf } from './case-rows.js';
import { stateAsOf } from './case-state.js';
import type { Queryable } from './database.js';

interface ListedRow extends CaseRow {
  readonly waits_from: Date;
  readonly title: string | null;
  readonly country: string | null;
  readonly network: string | null;
  readonly email_domain: string | null;
  readonly ring_size: number | null;
}

const sortColumns = { priority: 'waits_from', opened_at: 'opened_at', due_at: 'due_at' } as const;

/** A page of the queue; where cases are undecided it is read along an index, however long the queue is. */
export async function listCases(database: Queryable, filter: CaseFilter): Promise<CasePage> {
  const { where, parameters } = conditionsOf(filter, await ringCasesOf(database, filter.q));
  const column = sortColumns[filter.sort];
  const order = `${column}, id`;
  const rows = await database.query<ListedRow>(
    `select p.*, r.size as ring_size
      from (select * from cases where ${where} order by ${order} limit $${parameters.length + 1}) p
      left join rings own on p.whole_ring and own.id = p.ring_id
      left join rings r on r.id = own.root
      order by p.${column}, p.id`,
    [...parameters, filter.limit + 1],
  );
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  const more = rows.length > page.length && last !== undefined;
  const nextCursor = more ? caseCursorOf({ value: last[column].getTime(), id: last.id, sort: filter.sort }) : null;
  return { cases: page.map((row) => listedOf(row, filter.now ?? 0)), nextCursor };
}

const listedOf = (row: ListedRow, now: Instant): ListedCase => ({
  ...asOf(caseOf(caseRecordOf(row)), now),
  seen: {
    title: row.title,
    country: row.country,
    network: row.network,
    emailDomain: row.email_domain,
    ringSize: row.ring_size,
  },
});

type Place = (value: unknown) => string;

/** No place for a time that nothing asks for: the database could not tell its type. */
const stateOf = (state: CaseState, { now }: CaseFilter, place: Place): string =>
  stateAsOf(state === 'decided' ? '' : place(new Date(now ?? 0)))[state];

/** As `queueViewShows`. */
const viewConditions: Readonly<Record<NonNullable<CaseFilter['view']>, (filter: CaseFilter, place: Place) => string>> =
  {
    mine: (filter, place) => {
      const me = place(filter.actor ?? '');
      const claimed = stateOf('claimed', filter, place);
      return `((${claimed} and claimed_by = ${me}) or (state <> 'decided' and assigned_to = ${me}))`;
    },
    unclaimed: (filter, place) =>
      `${stateOf('open', filter, place)} and escalated_at is null
        and (assigned_to is null or assigned_to = ${place(filter.actor ?? '')})`,
    due: (filter, place) =>
      `not ${stateOf('snoozed', filter, place)} and due_at <= ${place(new Date((filter.now ?? 0) + dueSoonMs))}`,
    rings: () => 'whole_ring',
    appeals: () => 'appealed_at is not null',
    snoozed: (filter, place) => stateOf('snoozed', filter, place),
    escalated: () => 'escalated_at is not null',
  };

/**
 * Cases of rings that have a member whose id begins so. Asked for first: as numbers of a list they are read along the
 * index of cases, as a query of their own they would make it read the whole queue.
 */
async function ringCasesOf(database: Queryable, q: string | undefined): Promise<readonly string[]> {
  if (q === undefined) return [];
  const rows = await database.query<{ case_id: string }>(
    `select distinct case_id from (
      select case_id from case_accounts where account_id ~>=~ $1 and account_id ~<~ $2 and left_at is null
      order by account_id using ~<~ limit $3) m`,
    [q, beyond(q), membersSearched],
  );
  return rows.map(({ case_id }) => case_id);
}

function conditionsOf(filter: CaseFilter, ringCases: readonly string[]): { where: string; parameters: unknown[] } {
  const parameters: unknown[] = [];
  const place: Place = (value) => `$${parameters.push(value)}`;
  const conditions = ['true'];
  const equal = { reason: filter.reason, ring_id: filter.ring, country: filter.country };
  for (const [column, value] of Object.entries(equal)) {
    if (value !== undefined) conditions.push(`${column} = ${place(value)}`);
  }
  // Said in so many words, for the indexes that hold the undecided only.
  if (filter.view !== undefined || (filter.state !== undefined && filter.state !== 'decided'))
    conditions.push("state <> 'decided'");
  if (filter.state !== undefined) conditions.push(stateOf(filter.state, filter, place));
  if (filter.view !== undefined) conditions.push(viewConditions[filter.view](filter, place));
  if (filter.minScore !== undefined) conditions.push(`score >= ${place(filter.minScore)}`);
  if (filter.q !== undefined) conditions.push(beginsWith(filter.q, ringCases, place));
  if (filter.accountId !== undefined) {
    const id = place(filter.accountId);
    conditions.push(`(account_id = ${id} or id in (select case_id from case_accounts where account_id = ${id}))`);
  }
  const beyond = beyondCursor(filter, place);
  if (beyond !== undefined) conditions.push(beyond);
  return { where: conditions.join(' and '), parameters };
}

/** In the order of bytes, which is what the index is in. */
function beginsWith(q: string, ringCases: readonly string[], place: Place): string {
  const account = `account_id ~>=~ ${place(q)} and account_id ~<~ ${place(beyond(q))}`;
  return ringCases.length === 0 ? account : `((${account}) or id = any(${place(ringCases)}::text[]))`;
}

/** After all that begin so. */
const beyond = (q: string): string => `${q}\u{10ffff}`;

function beyondCursor(filter: CaseFilter, place: Place): string | undefined {
  const after = parseCaseCursor(filter.cursor);
  if (after === undefined) return undefined;
  const column = sortColumns[filter.sort];
  // In milliseconds, as all times of cases are kept.
  return `(${column}, id) > (${place(new Date(after.value))}, ${place(after.id)})`;
}
