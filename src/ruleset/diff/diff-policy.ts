import { outcomeRank, type Policy } from '../../model/policy.js';
import { families } from '../../model/rule.js';
import { type Change, type Effect, effectOf, opposite } from './change.js';
import { diffCost, diffSla } from './diff-queue-policy.js';
import { durationText, percentText } from './words.js';

type Row = readonly [key: string, text: string, effect: Effect];
type Section = (before: Policy, after: Policy) => readonly Row[];

/** Policy weighs on everybody. */
const weight = 10_000;

export function diffPolicy(before: Policy, after: Policy): readonly Change[] {
  return sections
    .flatMap((section) => section(before, after))
    .map(([name, text, effect]) => ({ thing: 'policy', name, what: 'changed', text, effect, weight }));
}

/** A number in words, and what it does when there is more of it. */
interface Amount {
  readonly key: string;
  readonly of: (policy: Policy) => number;
  readonly text: (value: number) => string;
  /** The value alone; as it is, by default. */
  readonly short?: (value: number) => string;
  readonly more: Effect;
}

const amount =
  ({ key, of, text, short = String, more }: Amount): Section =>
  (before, after) => {
    const [from, to] = [of(before), of(after)];
    if (from === to) return [];
    const effect = more === 'either' || more === 'none' ? more : to > from ? more : opposite(more);
    return [[key, `${text(to)} instead of ${short(from)}`, effect]];
  };

const familyCaps: Section = (before, after) =>
  families.flatMap((family): Row[] => {
    const [from, to] = [before.familyCaps[family] ?? 100, after.familyCaps[family] ?? 100];
    if (from === to) return [];
    return [
      [`family_caps.${family}`, `at most ${to} points of the family ${family} instead of ${from}`, effectOf(from, to)],
    ];
  });

const rankOfFloor = { ignore: outcomeRank.allow, limit: outcomeRank.limit, hold: outcomeRank.hold } as const;

const unavailable: Section = (before, after) =>
  (['velocity', 'ring', 'ip_intel'] as const).flatMap((group): Row[] => {
    const [from, to] = [before.unavailable[group], after.unavailable[group]];
    if (from === to) return [];
    const text = `${to} instead of ${from} where ${group} could not be looked up`;
    return [[`unavailable.${group}`, text, effectOf(rankOfFloor[from], rankOfFloor[to])]];
  });

const probation: Section = ({ probation: from }, { probation: to }) => {
  const text = (value: Policy['probation']): string =>
    value === 'off' ? 'no probation' : `${value.requestsPerDay} requests a day for ${durationText(value.forMs)}`;
  if (text(from) === text(to)) return [];
  const effect: Effect = from === 'off' ? 'stricter' : to === 'off' ? 'looser' : 'either';
  return [['probation', `${text(to)} instead of ${text(from)}`, effect]];
};

const ringQuota: Section = ({ limit: { ringRequestsPerDay: from } }, { limit: { ringRequestsPerDay: to } }) => {
  const text = (value: number | undefined): string => (value === undefined ? 'no bound' : `${value} requests a day`);
  if (from === to) return [];
  const effect = effectOf(to ?? Number.POSITIVE_INFINITY, from ?? Number.POSITIVE_INFINITY);
  return [
    ['limit.ring_requests_per_day', `${text(to)} instead of ${text(from)} for the limited of a ring together`, effect],
  ];
};

const gateUnknown: Section = ({ fail: { gateUnknown: from } }, { fail: { gateUnknown: to } }) =>
  from === to
    ? []
    : [
        [
          'fail.gate_unknown',
          `${to} instead of ${from} for accounts that the gate does not know`,
          to === 'deny' ? 'stricter' : 'looser',
        ],
      ];

const level: Section = ({ level: from }, { level: to }) => {
  if (from === to) return [];
  const text =
    to === 'report' ? 'only reports: nobody is limited or held by it any more' : 'enforces what it has only reported';
  return [['level', text, to === 'report' ? 'looser' : 'stricter']];
};

const listText = (items: readonly string[]): string => (items.length === 0 ? 'nothing' : items.join(', '));

const rescore: Section = ({ rescoreMs: from }, { rescoreMs: to }) => {
  const [old, fresh] = [listText(from.map(durationText)), listText(to.map(durationText))];
  return old === fresh ? [] : [['rescore', `judged again after ${fresh} instead of ${old}`, 'either']];
};

const spared: Section = ({ retroHold: { spare: from } }, { retroHold: { spare: to } }) => {
  const [old, fresh] = [listText([...from].sort()), listText([...to].sort())];
  if (old === fresh) return [];
  const effect: Effect = from.every((name) => to.includes(name))
    ? 'looser'
    : to.every((name) => from.includes(name))
      ? 'stricter'
      : 'either';
  return [['retro_hold.spare', `spares ${fresh} instead of ${old}`, effect]];
};

const sections: readonly Section[] = [
  level,
  amount({
    key: 'thresholds.hold',
    of: ({ thresholds }) => thresholds.hold,
    text: (n) => `holds from ${n} points`,
    more: 'looser',
  }),
  amount({
    key: 'thresholds.limit',
    of: ({ thresholds }) => thresholds.limit,
    text: (n) => `limits from ${n} points`,
    more: 'looser',
  }),
  amount({
    key: 'hold_needs_families',
    of: ({ holdNeedsFamilies }) => holdNeedsFamilies,
    text: (n) => `a hold by points takes evidence of ${n} ${n === 1 ? 'family' : 'families'}`,
    more: 'looser',
  }),
  familyCaps,
  unavailable,
  probation,
  amount({
    key: 'limit.requests_per_day',
    of: ({ limit }) => limit.requestsPerDay,
    text: (n) => `limited accounts have ${n} requests a day`,
    more: 'looser',
  }),
  ringQuota,
  amount({
    key: 'retro_hold.max_accounts_per_hour',
    of: ({ retroHold }) => retroHold.maxAccountsPerHour,
    text: (n) => `at most ${n} earlier members held an hour`,
    more: 'stricter',
  }),
  amount({
    key: 'retro_hold.younger_than',
    of: ({ retroHold }) => retroHold.youngerThanMs,
    text: (n) => `earlier members younger than ${durationText(n)}`,
    short: durationText,
    more: 'stricter',
  }),
  spared,
  gateUnknown,
  amount({
    key: 'fail.gate_max_staleness',
    of: ({ fail }) => fail.gateMaxStalenessMs,
    text: (n) => `the gate answers from what it knew for ${durationText(n)}`,
    short: durationText,
    more: 'either',
  }),
  rescore,
  diffSla,
  diffCost,
  amount({
    key: 'verification.attempts',
    of: ({ verification }) => verification.attempts,
    text: (n) => `a verification may fail ${n} times`,
    more: 'looser',
  }),
  amount({
    key: 'verification.expire_after',
    of: ({ verification }) => verification.expireAfterMs,
    text: (n) => `a verification is waited for ${durationText(n)}`,
    short: durationText,
    more: 'none',
  }),
  amount({
    key: 'verification.accounts_per_identifier',
    of: ({ verification }) => verification.accountsPerIdentifier,
    text: (n) => `one phone or document verifies at most ${n} accounts`,
    more: 'looser',
  }),
  amount({
    key: 'four_eyes.ring_release',
    of: ({ fourEyes }) => fourEyes.ringRelease,
    text: (n) => `one person releases rings of up to ${n} accounts`,
    more: 'none',
  }),
  amount({
    key: 'budget.held_share',
    of: ({ budget }) => budget.heldShare,
    text: (n) => `an alert when more than ${percentText(n)} are held`,
    short: percentText,
    more: 'none',
  }),
  amount({
    key: 'budget.over',
    of: ({ budget }) => budget.overMs,
    text: (n) => `over ${durationText(n)}`,
    short: durationText,
    more: 'none',
  }),
];
