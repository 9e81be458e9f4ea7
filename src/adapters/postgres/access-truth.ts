import type { AccessTruth, GateEntry, GateQuestion } from '../../gate/gate-store.js';
import type { AccessState } from '../../model/access.js';
import { StoreUnavailable } from '../../model/store-unavailable.js';
import type { Database } from './database.js';

export interface EntryRow {
  n: number;
  account_id: string;
  state: AccessState;
  version: number;
  requests_per_day: number | null;
  api_key_ids: string[];
}

interface Waiting {
  readonly question: GateQuestion;
  readonly answer: Promise<GateEntry | undefined>;
  resolve(entry: GateEntry | undefined): void;
  reject(error: unknown): void;
}

/** Questions in one query, and queries at the same time. */
const maxBatch = 500;
const maxInFlight = 2;
/** Keys beyond this many are not projected with the account; each of them is looked up by its own id. */
const maxKeys = 1000;

const entriesSql = `select q.n, a.account_id, a.state, a.version, a.requests_per_day,
    array(select k.api_key_id from account_keys k where k.account_id = a.account_id
      order by k.announced_at desc limit ${maxKeys}) as api_key_ids
  from jsonb_to_recordset($1::jsonb) as q(n integer, account_id text, api_key_id text)
  left join account_keys asked on asked.api_key_id = q.api_key_id
  join accounts a on a.account_id = coalesce(q.account_id, asked.account_id)
  where q.api_key_id is null or asked.account_id = a.account_id`;

/** U+0000 and half surrogate pairs cannot be stored, so nothing is stored under such an id. */
const isStorable = (id: string | undefined): boolean => id === undefined || !/[\0\p{Surrogate}]/u.test(id);

export const entryOf = (row: Omit<EntryRow, 'n'>): GateEntry => ({
  access: {
    accountId: row.account_id,
    state: row.state,
    version: row.version,
    requestsPerDay: row.requests_per_day ?? undefined,
  },
  apiKeyIds: row.api_key_ids,
});

/** Reads access from the truth; questions that come together share one query, and equal ones share one answer. */
export class SqlAccessTruth implements AccessTruth {
  private waiting = new Map<string, Waiting>();
  private inFlight = 0;
  private scheduled = false;

  constructor(
    private readonly database: Database,
    /** Distinct questions that may wait; one more is refused at once. */
    private readonly maxWaiting = 5000,
  ) {}

  entryOf(question: GateQuestion): Promise<GateEntry | undefined> {
    const { accountId, apiKeyId } = question;
    if (accountId === undefined && apiKeyId === undefined) return Promise.resolve(undefined);
    if (!isStorable(accountId) || !isStorable(apiKeyId)) return Promise.resolve(undefined);
    const key = JSON.stringify([accountId, apiKeyId]);
    const same = this.waiting.get(key);
    if (same !== undefined) return same.answer;
    if (this.waiting.size >= this.maxWaiting) {
      return Promise.reject(new StoreUnavailable('too many gate questions wait for the database'));
    }
    const waiting = waitingFor(question);
    this.waiting.set(key, waiting);
    this.schedule();
    return waiting.answer;
  }

  /** After the requests that are being read just now have asked too. */
  private schedule(): void {
    if (this.scheduled || this.inFlight >= maxInFlight || this.waiting.size === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.askBatch();
    });
  }

  private async askBatch(): Promise<void> {
    const batch = [...this.waiting].slice(0, maxBatch);
    for (const [key] of batch) this.waiting.delete(key);
    this.inFlight += 1;
    this.schedule();
    try {
      await this.answerAll(batch.map(([, waiting]) => waiting));
    } catch (error) {
      for (const [, { reject }] of batch) reject(error);
    }
    this.inFlight -= 1;
    this.schedule();
  }

  private async answerAll(batch: readonly Waiting[]): Promise<void> {
    const asked = batch.map(({ question }, n) => ({
      n,
      account_id: question.accountId,
      api_key_id: question.apiKeyId,
    }));
    const rows = await this.database.query<EntryRow>(entriesSql, [JSON.stringify(asked)]);
    const entries = new Map(rows.map((row) => [row.n, entryOf(row)]));
    for (const [n, { resolve }] of batch.entries()) resolve(entries.get(n));
  }
}

function waitingFor(question: GateQuestion): Waiting {
  let resolve: Waiting['resolve'] = () => undefined;
  let reject: Waiting['reject'] = () => undefined;
  const answer = new Promise<GateEntry | undefined>((onAnswer, onError) => {
    resolve = onAnswer;
    reject = onError;
  });
  return { question, answer, resolve, reject };
}
