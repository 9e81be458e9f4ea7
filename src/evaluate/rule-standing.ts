import type { RuleInfo } from '../model/rule.js';
import { shareOf } from '../model/share.js';
import type { Instant } from '../model/time.js';
import { endOfException, type RuleException } from '../ruleset/rule-declaration.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { type Advice, adviseOn } from './rollout-advice.js';
import { modeText, type RuleActivity } from './rule-activity.js';
import { type CountedException, noCounts, type RuleCounts } from './rule-counts.js';
import type { EvidenceReport, RuleEvidence } from './rule-evidence.js';
import type { RecordedFuse, RuleStateSince, RuleTotal } from './rule-ledger.js';
import { sideOf } from './rule-side.js';

/** What the ledger knows, read at one time. */
export interface LedgerView {
  readonly day: readonly RuleTotal[];
  readonly week: readonly RuleTotal[];
  readonly all: readonly RuleTotal[];
  readonly exceptions: readonly CountedException[];
  readonly states: readonly RuleStateSince[];
  readonly fuses: readonly RecordedFuse[];
}

export interface ExceptionStanding {
  readonly why: string;
  readonly owner: string;
  /** The first instant of its last day. */
  readonly lastDay: Instant;
  /** The end of that day. */
  readonly until: Instant;
  readonly uses: number;
  readonly lastUsedAt: Instant | null;
}

/** All that is known of what a rule does. */
export interface RuleStanding {
  readonly info: RuleInfo;
  readonly definition: string;
  readonly definedAt: Instant;
  readonly modeSince: Instant;
  readonly blown: RecordedFuse | null;
  readonly counts: {
    readonly day: Readonly<RuleCounts>;
    readonly week: Readonly<RuleCounts>;
    /** Since it says what it says. */
    readonly all: Readonly<RuleCounts>;
  };
  readonly exceptions: readonly ExceptionStanding[];
  readonly evidence: RuleEvidence;
  readonly advice: Advice;
}

interface StandingInput {
  readonly ruleSet: RuleSet;
  readonly activity: Pick<RuleActivity, 'definitionOf'>;
  readonly ledger: LedgerView;
  readonly report: EvidenceReport;
  readonly now: Instant;
}

const keyOf = (rule: string, definition: string): string => `${rule} ${definition}`;

const byKey = <T extends { readonly rule: string; readonly definition: string }>(rows: readonly T[]) =>
  new Map(rows.map((row) => [keyOf(row.rule, row.definition), row]));

/** Puts together what is known of each rule of the set in use. */
export function ruleStandings({ ruleSet, activity, ledger, report, now }: StandingInput): readonly RuleStanding[] {
  const [day, week, all] = [ledger.day, ledger.week, ledger.all].map(byKey);
  const [fuses, states] = [byKey(ledger.fuses), byKey(ledger.states)];
  const nothing = noEvidence(report);
  return ruleSet.declarations.map((declaration): RuleStanding => {
    const { info, exceptions } = declaration;
    const definition = activity.definitionOf(info.id);
    const key = keyOf(info.id, definition);
    const state = states.get(key);
    const sinceDefined = all?.get(key)?.counts ?? noCounts();
    // Announced within two seconds: until then it has just begun.
    const modeSince = state?.mode === modeText(info.mode) ? state.modeSince : now;
    const blown = fuses.get(key) ?? null;
    const evidence = report.rules.get(info.id) ?? nothing;
    const uses = ledger.exceptions.filter((one) => one.rule === info.id && one.definition === definition);
    return {
      info,
      definition,
      definedAt: state?.definedAt ?? now,
      modeSince,
      blown,
      counts: {
        day: day?.get(key)?.counts ?? noCounts(),
        week: week?.get(key)?.counts ?? noCounts(),
        all: sinceDefined,
      },
      exceptions: exceptions.map((exception, index) =>
        exceptionStanding(
          exception,
          uses.find((used) => used.exception === index),
        ),
      ),
      evidence,
      advice: adviseOn({
        side: sideOf(declaration, ruleSet),
        counts: sinceDefined,
        watchedMs: now - modeSince,
        evidence,
        report,
        budget: ruleSet.policy.budget.heldShare,
        isBlown: blown !== null,
      }),
    };
  });
}

const exceptionStanding = (exception: RuleException, used: CountedException | undefined): ExceptionStanding => ({
  why: exception.why,
  owner: exception.owner,
  lastDay: exception.lastDay,
  until: endOfException(exception),
  uses: used?.uses ?? 0,
  lastUsedAt: used?.lastUsedAt ?? null,
});

/** Of a rule that fired on nothing. */
const noEvidence = ({ fraud }: EvidenceReport): RuleEvidence => ({
  decisions: 0,
  accounts: 0,
  fraud: 0,
  honest: 0,
  precision: shareOf(0, 0),
  recall: shareOf(0, fraud),
  changes: [],
  newlyHeld: 0,
  newlyLimited: 0,
  honestPay: 0,
  freed: shareOf(0, 0),
  overlap: [],
});

/** Evaluated and recorded, and not counting for everybody: what a roll-out is about. */
export const isOnTrial = ({ info, blown }: RuleStanding): boolean =>
  blown !== null || (info.mode !== 'live' && info.mode !== 'off');
