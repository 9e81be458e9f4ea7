import type { Share } from '../../model/share.js';
import type { AttackScore } from './score-attack.js';
import type { CrowdScore } from './score-crowd.js';
import type { RingScore } from './score-rings.js';
import type { Scorecard } from './scorecard.js';

const percent = (share: number | null, digits = 1): string =>
  share === null ? '-' : `${(share * 100).toFixed(digits)} %`;

/** `3 (0.42 %, 0.14 to 1.2)` */
const counted = ({ count, share, low, high }: Share): string =>
  `${count} (${percent(share, 2)}, ${(low * 100).toFixed(2)} to ${(high * 100).toFixed(2)})`;

type Row = readonly string[];

/** Columns as wide as their widest cell; the first to the left, numbers to the right. */
function table(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}

const attackRow = (name: string, score: AttackScore): Row => [
  name,
  String(score.accounts),
  percent(score.atSignup.share),
  percent(score.beforeFirstExchange.share),
  percent(score.within1h.share),
  percent(score.within6h.share),
  percent(score.within24h.share),
  percent(score.limited.share),
  percent(score.exchanges.preventedByHolds),
  percent(score.exchanges.preventedWithLimits),
  percent(score.exchanges.preventedWithProbation),
];

const attackHead: Row = [
  'held',
  'accounts',
  'at signup',
  'before use',
  '1 h',
  '6 h',
  '24 h',
  'limited',
  'saved: holds',
  '+ limits',
  '+ probation',
];

const crowdHead: Row = ['honest', 'accounts', 'held (95 %)', 'limited (95 %)', 'hours limited'];

const crowdRow = (name: string, score: CrowdScore): Row => [
  name,
  String(score.accounts),
  counted(score.held),
  counted(score.limited),
  score.limitedHours === null
    ? '-'
    : `${score.limitedHours.median.toFixed(1)}, most ${score.limitedHours.most.toFixed(0)}`,
];

function ringLines({ truths, found, purity, heldInRings, cases }: RingScore): string {
  const rows = truths.map(({ ring, accounts, admittedBeforeFirstHold, minutesToFirstHold, completeness, covered }) => [
    ring,
    String(accounts),
    admittedBeforeFirstHold === null ? 'never' : String(admittedBeforeFirstHold),
    minutesToFirstHold === null ? '-' : minutesToFirstHold.toFixed(1),
    percent(completeness),
    percent(covered),
  ]);
  const head = ['ring', 'accounts', 'let in before first hold', 'minutes', 'in one found ring', 'in any'];
  const share = heldInRings.of === 0 ? null : heldInRings.count / heldInRings.of;
  return [
    table([head, ...rows]),
    `${found} rings found, purity ${percent(purity)}; ${percent(share)} of the held accounts are in ring cases`,
    `cases for reviewers: ${cases.rings} rings, ${cases.single} single accounts`,
  ].join('\n');
}

/** Who is limited only because it is new is told apart from who is limited for a reason. */
const newOnes = ({ onProbation }: CrowdScore): string[] =>
  onProbation.count === 0 ? [] : [`on probation, which counts as no limit: ${counted(onProbation)} honest accounts`];

/** The scorecard for people. */
export function renderScorecard(card: Scorecard): string {
  const { limitedPerDay, ringLimitedPerDay, probation } = card.prices;
  const ofRing = ringLimitedPerDay === undefined ? '' : `, ${ringLimitedPerDay} for a ring`;
  const attacks = [...Object.entries(card.tiers), ...Object.entries(card.pools)];
  const parts = [
    card.attack.accounts === 0
      ? 'no campaign'
      : table([
          attackHead,
          ['all', ...attackRow('', card.attack).slice(1)],
          ...attacks.map(([name, score]) => attackRow(name, score)),
        ]),
    table([
      crowdHead,
      ...Object.entries(card.crowds).map(([name, score]) => crowdRow(name, score)),
      crowdRow('all', card.honest),
    ]),
    ringLines(card.rings),
    ...newOnes(card.honest),
    `limits: ${limitedPerDay} exchanges a day${ofRing}; probation: ${probation.perDay} a day for ${probation.forMs / 3_600_000} h`,
  ];
  return parts.join('\n\n');
}
