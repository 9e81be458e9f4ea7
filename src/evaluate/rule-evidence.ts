import type { Label } from '../model/label.js';
import { outcomeRank } from '../model/policy.js';
import { type Outcome, outcomes } from '../model/rule.js';
import { type Share, shareOf } from '../model/share.js';
import type { Instant } from '../model/time.js';

interface RuleOutcome {
  readonly rule: string;
  readonly outcome: Outcome;
}

/** A decision of the past, as far as rules are concerned. */
export interface DecidedHits {
  readonly id: string;
  readonly accountId: string;
  readonly decidedAt: Instant;
  /** What it would have been, where nothing was enforced. */
  readonly outcome: Outcome;
  /** Rules that counted. */
  readonly rules: readonly string[];
  /** Rules that did not count, each with what the outcome would have been with it. */
  readonly shadow: readonly RuleOutcome[];
  /** Of those that counted, the ones that turned the outcome, each with what it would have been without it. */
  readonly without: readonly RuleOutcome[];
  /** What the account turned out to be, as far as is known today. */
  readonly label: Label | null;
  readonly verified: boolean;
}

export interface HitsPage {
  /** The last decision of the page before. */
  readonly before?: Pick<DecidedHits, 'id' | 'decidedAt'> | undefined;
  readonly limit: number;
}

/** Port: decisions newest first, in pages that nobody waits for. */
export interface DecidedHitsSource {
  /** Decided at or after `since`, before the decision `before`. */
  page(since: Instant, page: HitsPage): Promise<readonly DecidedHits[]>;
}

/** A change that a rule makes, or would make, to decisions: from the outcome without it to the outcome with it. */
export interface OutcomeChange {
  readonly from: Outcome;
  readonly to: Outcome;
  readonly decisions: number;
}

/** What decisions of the past say of one rule. Accounts are counted, not decisions, where nothing else is said. */
export interface RuleEvidence {
  readonly decisions: number;
  readonly accounts: number;
  readonly fraud: number;
  readonly honest: number;
  /** Fraud among the labelled accounts that it fired on. */
  readonly precision: Share;
  /** Of all accounts labelled as fraud, those it fired on. */
  readonly recall: Share;
  /** Decisions that it changes, or would change where it does not count. */
  readonly changes: readonly OutcomeChange[];
  /** Accounts that it holds or denies, or would, and that without it nothing does. */
  readonly newlyHeld: number;
  readonly newlyLimited: number;
  /** Honest accounts (by label, or verified and not labelled as fraud) that it would limit, hold or deny, or helped to. */
  readonly honestPay: number;
  /** Fraud among the labelled accounts that come out looser with it, or would. */
  readonly freed: Share;
  /** Other rules that fired on most of the same accounts. */
  readonly overlap: readonly { readonly rule: string; readonly accounts: number; readonly share: number }[];
}

export interface EvidenceRange {
  readonly since: Instant;
  /** When each rule began to say what it says: earlier decisions say nothing of it. */
  readonly definedAt: ReadonlyMap<string, Instant>;
  /** Rules that speak for people: nobody who is limited or held beside them pays for that. */
  readonly forPeople: ReadonlySet<string>;
}

export interface EvidenceReport {
  readonly since: Instant;
  readonly decisions: number;
  readonly accounts: number;
  readonly fraud: number;
  readonly honest: number;
  /** False: there were more decisions than are looked at; the newest were. */
  readonly complete: boolean;
  readonly rules: ReadonlyMap<string, RuleEvidence>;
}

interface Account {
  readonly label: Label | null;
  readonly isHonest: boolean;
  readonly rules: Set<string>;
}

interface Gathered {
  decisions: number;
  readonly accounts: Set<string>;
  readonly changes: Map<string, number>;
  readonly newlyHeld: Set<string>;
  readonly newlyLimited: Set<string>;
  readonly honestPay: Set<string>;
  readonly freed: Set<string>;
}

const overlapsShown = 3;

/** Takes decisions one by one and tells what they say of rules. */
export class EvidenceCollector {
  private readonly accounts = new Map<string, Account>();
  private readonly rules = new Map<string, Gathered>();
  private decisions = 0;

  constructor(private readonly range: EvidenceRange) {}

  add(decision: DecidedHits): void {
    const account = this.accountOf(decision);
    this.decisions++;
    const { accountId, outcome } = decision;
    const without = new Map(decision.without.map((one) => [one.rule, one.outcome]));
    for (const rule of decision.rules) {
      const gathered = this.gather(rule, decision, account);
      if (gathered === undefined) continue;
      const from = without.get(rule) ?? outcome;
      const helps = outcome !== 'allow' && outcomeRank[from] <= outcomeRank[outcome];
      if (account.isHonest && helps && !this.range.forPeople.has(rule)) gathered.honestPay.add(accountId);
      addChange(gathered, { accountId, account, from, to: outcome });
    }
    for (const { rule, outcome: to } of decision.shadow) {
      const gathered = this.gather(rule, decision, account);
      if (gathered !== undefined) addChange(gathered, { accountId, account, from: outcome, to });
    }
  }

  report(complete: boolean): EvidenceReport {
    const all = [...this.accounts.values()];
    const { fraud, honest } = labelsOf(all);
    return {
      since: this.range.since,
      decisions: this.decisions,
      accounts: all.length,
      fraud,
      honest,
      complete,
      rules: new Map([...this.rules].map(([rule, gathered]) => [rule, this.evidenceOf(rule, gathered, fraud)])),
    };
  }

  /** Undefined where the rule said something else then. */
  private gather(rule: string, { accountId, decidedAt }: DecidedHits, account: Account): Gathered | undefined {
    if (decidedAt < (this.range.definedAt.get(rule) ?? Number.NEGATIVE_INFINITY)) return undefined;
    const gathered = this.rules.get(rule) ?? nothing();
    this.rules.set(rule, gathered);
    gathered.decisions++;
    gathered.accounts.add(accountId);
    account.rules.add(rule);
    return gathered;
  }

  private accountOf({ accountId, label, verified }: DecidedHits): Account {
    const known = this.accounts.get(accountId);
    if (known !== undefined) return known;
    const isHonest = label === 'honest' || (verified && label === null);
    const account = { label, isHonest, rules: new Set<string>() };
    this.accounts.set(accountId, account);
    return account;
  }

  private evidenceOf(rule: string, gathered: Gathered, allFraud: number): RuleEvidence {
    const own = this.accountsNamed(gathered.accounts);
    const { fraud, honest } = labelsOf(own);
    const freed = labelsOf(this.accountsNamed(gathered.freed));
    return {
      decisions: gathered.decisions,
      accounts: own.length,
      fraud,
      honest,
      precision: shareOf(fraud, fraud + honest),
      recall: shareOf(fraud, allFraud),
      changes: changesOf(gathered),
      newlyHeld: gathered.newlyHeld.size,
      newlyLimited: gathered.newlyLimited.size,
      honestPay: gathered.honestPay.size,
      freed: shareOf(freed.fraud, freed.fraud + freed.honest),
      overlap: overlapOf(rule, own),
    };
  }

  private accountsNamed(ids: ReadonlySet<string>): Account[] {
    return [...ids].flatMap((id) => this.accounts.get(id) ?? []);
  }
}

const labelsOf = (accounts: readonly Account[]): { fraud: number; honest: number } => ({
  fraud: accounts.filter(({ label }) => label === 'fraud').length,
  honest: accounts.filter(({ label }) => label === 'honest').length,
});

const nothing = (): Gathered => ({
  decisions: 0,
  accounts: new Set(),
  changes: new Map(),
  newlyHeld: new Set(),
  newlyLimited: new Set(),
  honestPay: new Set(),
  freed: new Set(),
});

interface Change {
  readonly accountId: string;
  readonly account: Account;
  readonly from: Outcome;
  readonly to: Outcome;
}

function addChange(gathered: Gathered, { accountId, account, from, to }: Change): void {
  if (from === to) return;
  const key = `${from} ${to}`;
  gathered.changes.set(key, (gathered.changes.get(key) ?? 0) + 1);
  if (outcomeRank[to] < outcomeRank[from]) {
    gathered.freed.add(accountId);
    return;
  }
  if (account.isHonest) gathered.honestPay.add(accountId);
  if (outcomeRank[to] >= outcomeRank.hold && outcomeRank[from] < outcomeRank.hold) gathered.newlyHeld.add(accountId);
  else if (to === 'limit') gathered.newlyLimited.add(accountId);
}

const outcomeNamed = (text: string | undefined): Outcome => outcomes.find((one) => one === text) ?? 'allow';

function changesOf({ changes }: Gathered): OutcomeChange[] {
  const read = [...changes].map(([key, decisions]) => {
    const [from, to] = key.split(' ');
    return { from: outcomeNamed(from), to: outcomeNamed(to), decisions };
  });
  return read.sort((a, b) => b.decisions - a.decisions);
}

/** What a whole other rule set would have made of it stands among the shadow outcomes as well. */
const isRuleSet = (name: string): boolean => name.includes(':');

function overlapOf(rule: string, accounts: readonly Account[]): RuleEvidence['overlap'] {
  const counts = new Map<string, number>();
  for (const { rules } of accounts)
    for (const other of rules) if (other !== rule && !isRuleSet(other)) counts.set(other, (counts.get(other) ?? 0) + 1);
  return [...counts]
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, overlapsShown)
    .map(([other, count]) => ({ rule: other, accounts: count, share: count / accounts.length }));
}

interface EvidenceLimits {
  /** More decisions than this are not looked at. */
  readonly most: number;
  readonly pageSize: number;
  /** Between pages: decisions under way go first. */
  readonly breathe: () => Promise<void>;
}

/** Reads decisions from now back to `since`, page by page. */
export async function gatherEvidence(
  source: DecidedHitsSource,
  range: EvidenceRange,
  { most, pageSize, breathe }: EvidenceLimits,
): Promise<EvidenceReport> {
  const collector = new EvidenceCollector(range);
  let before: HitsPage['before'];
  for (let left = most; left > 0; left -= pageSize) {
    const limit = Math.min(pageSize, left);
    const page: readonly DecidedHits[] = await source.page(range.since, { before, limit });
    for (const decision of page) collector.add(decision);
    if (page.length < limit) return collector.report(true);
    before = page.at(-1);
    await breathe();
  }
  return collector.report(false);
}
