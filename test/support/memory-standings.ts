import { noCounts } from '../../src/evaluate/rule-counts.js';
import { EvidenceCollector } from '../../src/evaluate/rule-evidence.js';
import type { RecordedFuse } from '../../src/evaluate/rule-ledger.js';
import type { RuleStanding } from '../../src/evaluate/rule-standing.js';
import type { RuleStandingsSource } from '../../src/http/http-services.js';
import type { RuleInfo } from '../../src/model/rule.js';

/** One rule that fired on one account; its fuse has blown until someone resets it. */
export function memoryStandings(info: RuleInfo, now: number) {
  const fuse: RecordedFuse = { rule: info.id, definition: 'd1', at: now, hits: 60, events: 90, instance: 'batch_1' };
  const state = { blown: [fuse] as readonly RecordedFuse[], resetBy: [] as string[] };
  const collector = new EvidenceCollector({ since: now, definedAt: new Map(), forPeople: new Set() });
  const decision = { id: 'dec_1', accountId: 'acct_1', decidedAt: now, verified: false, label: 'fraud' } as const;
  collector.add({ ...decision, outcome: 'hold', rules: [info.id], shadow: [], without: [] });
  const report = collector.report(true);
  const evidence = report.rules.get(info.id);
  if (evidence === undefined) throw new Error('no evidence');
  const counts = {
    ...noCounts(),
    evaluated: 9,
    live: 7,
    held: 7,
    sampled: 4,
    unknown: 1,
    nanoseconds: 900,
    lastFiredAt: now,
  };
  const standing = (): RuleStanding => ({
    info,
    definition: 'd1',
    definedAt: now,
    modeSince: now,
    blown: state.blown[0] ?? null,
    counts: { day: counts, week: counts, all: counts },
    exceptions: [
      { why: 'shared lab card', owner: 'trust', lastDay: now - 1, until: now + 1, uses: 2, lastUsedAt: now },
    ],
    evidence,
    advice: { recommendation: 'watch', reasons: ['watched for 1.0 hours of 24'] },
  });
  const source: RuleStandingsSource = {
    current: async () => ({ report, rules: [standing()] }),
    since: async () => ({ report, rules: [standing()] }),
    async resetFuse(rule, actor) {
      const wasBlown = state.blown.some((one) => one.rule === rule);
      state.blown = [];
      state.resetBy.push(actor);
      return wasBlown;
    },
    candidate: () => undefined,
    blown: () => state.blown,
  };
  return { source, state };
}
