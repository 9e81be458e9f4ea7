import { firedOf, type RuleCounts } from '../evaluate/rule-counts.js';
import type { EvidenceReport, RuleEvidence } from '../evaluate/rule-evidence.js';
import type { RecordedFuse } from '../evaluate/rule-ledger.js';
import type { ExceptionStanding, RuleStanding } from '../evaluate/rule-standing.js';
import { type Share, shareOf } from '../model/share.js';
import { dayText, type Instant, toIso } from '../model/time.js';

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));

/** `hits`: on this instance. */
export function ruleJson(standing: RuleStanding, hits: number, now: Instant) {
  const { info, counts, blown, evidence, advice } = standing;
  return {
    id: info.id,
    family: info.family,
    on: info.on,
    when: info.when,
    points: info.points,
    points_max: info.pointsMax,
    at_least: info.atLeast ?? null,
    at_most: info.atMost ?? null,
    verify: info.verify,
    reason: info.reason,
    title: info.title,
    owner: info.owner,
    mode: info.mode,
    file: info.file,
    line: info.line,
    hits,
    definition: standing.definition,
    defined_at: toIso(standing.definedAt),
    mode_since: toIso(standing.modeSince),
    last_fired_at: isoOrNull(counts.all.lastFiredAt),
    fuse_blown: blown === null ? null : fuseJson(blown),
    counts: {
      last_24h: countsJson(counts.day),
      last_7d: countsJson(counts.week),
      since_defined: countsJson(counts.all),
    },
    exceptions: standing.exceptions.map((exception) => exceptionJson(exception, now)),
    evidence: evidenceJson(evidence),
    advice: { recommendation: advice.recommendation, reasons: advice.reasons },
  };
}

export const fuseJson = ({ rule, at, hits, events, instance }: RecordedFuse) => ({
  rule,
  blown_at: toIso(at),
  hits,
  events,
  instance,
});

export const evidenceRangeJson = ({ since, decisions, accounts, fraud, honest, complete }: EvidenceReport) => ({
  since: toIso(since),
  decisions,
  accounts,
  fraud,
  honest,
  complete,
});

/** Of a rule set only what it would change tells something: it is there in each decision. */
export function candidateJson(name: string | undefined, { rules }: EvidenceReport) {
  if (name === undefined) return null;
  const evidence = rules.get(name);
  return {
    ruleset: name.replace('ruleset:', ''),
    decisions: evidence?.decisions ?? 0,
    changes: evidence?.changes ?? [],
    newly_held: evidence?.newlyHeld ?? 0,
    newly_limited: evidence?.newlyLimited ?? 0,
    honest_pay: evidence?.honestPay ?? 0,
  };
}

const countsJson = (counts: Readonly<RuleCounts>) => ({
  evaluated: counts.evaluated,
  fired: firedOf(counts),
  live: counts.live,
  shadow: counts.shadow,
  outside_rollout: counts.outside,
  blown: counts.blown,
  excepted: counts.excepted,
  cleared: counts.cleared,
  unknown: shareJson(shareOf(counts.unknown, counts.sampled)),
  nanoseconds: counts.sampled === 0 ? null : Math.round(counts.nanoseconds / counts.sampled),
  outcomes: { allow: counts.allowed, limit: counts.limited, hold: counts.held, deny: counts.denied },
  would: { allow: counts.wouldAllow, limit: counts.wouldLimit, hold: counts.wouldHold, deny: counts.wouldDeny },
  would_change: counts.wouldChange,
});

const exceptionJson = ({ why, owner, lastDay, until, uses, lastUsedAt }: ExceptionStanding, now: Instant) => ({
  why,
  owner,
  last_day: dayText(lastDay),
  until: toIso(until),
  expired: until <= now,
  uses,
  last_used_at: isoOrNull(lastUsedAt),
});

const evidenceJson = (evidence: RuleEvidence) => ({
  decisions: evidence.decisions,
  accounts: evidence.accounts,
  fraud: evidence.fraud,
  honest: evidence.honest,
  precision: shareJson(evidence.precision),
  recall: shareJson(evidence.recall),
  changes: evidence.changes,
  newly_held: evidence.newlyHeld,
  newly_limited: evidence.newlyLimited,
  honest_pay: evidence.honestPay,
  overlap: evidence.overlap.map(({ share, ...other }) => ({ ...other, share: rounded(share) })),
});

const rounded = (share: number): number => Math.round(share * 1e4) / 1e4;

export const shareJson = ({ count, of, share, low, high }: Share) => ({
  count,
  of,
  share: share === null ? null : rounded(share),
  low: rounded(low),
  high: rounded(high),
});
