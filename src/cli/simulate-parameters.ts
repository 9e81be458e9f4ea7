import { type AttackChoice, scenarios } from '../campaigns/attackers/scenarios.js';
import { tiers } from '../campaigns/attackers/tiers.js';
import { crowds } from '../campaigns/crowds/registry.js';
import type { CampaignParameters } from '../campaigns/generate-campaign.js';
import { parseInstant } from '../model/time.js';
import { type ParsedArguments, UsageError } from './command-arguments.js';

export const simulateOptions = {
  tier: { type: 'string' },
  scenario: { type: 'string' },
  accounts: { type: 'string' },
  honest: { type: 'string' },
  seed: { type: 'string' },
  days: { type: 'string' },
  start: { type: 'string' },
  regime: { type: 'string' },
  'attack-from': { type: 'string' },
  'attack-days': { type: 'string' },
  'usage-days': { type: 'string' },
  'known-exits': { type: 'string' },
  crowds: { type: 'string' },
  adapt: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const usualStart = '2026-09-01T00:00:00Z';

/** Parameters as given; what is not given is as in the last round, or as usual. */
export function readParameters(args: ParsedArguments, last?: CampaignParameters): CampaignParameters {
  const number = (name: NumberName, usual: number): number => numberOf(name, args.text(name), usual);
  const choice = <T extends string>(name: string, choices: readonly T[], usual: T): T =>
    oneOf(name, args.text(name) ?? usual, choices);
  const days = number('days', last?.days ?? 21);
  const accounts = number('accounts', last?.accounts ?? 25_000);
  const start = args.text('start');
  const attackFromD = number('attack-from', last?.attackFromD ?? days * 0.6);
  if (accounts > 0 && attackFromD >= days)
    throw new UsageError(`--attack-from is a day before the end, which is after ${days} days, not ${attackFromD}`);
  const shares = { ...last?.crowds, ...crowdShares(args.text('crowds')) };
  if (crowds.every(({ name, share }) => (shares[name] ?? share) === 0))
    throw new UsageError('--crowds leaves nobody: the share of at least one crowd is more than 0');
  const scenario = choice('scenario', namesOf(scenarios, 'name'), last?.scenario ?? 'single');
  refuseIdle(args, scenario, accounts);
  return {
    seed: args.text('seed') ?? last?.seed ?? '1',
    start: start === undefined && last !== undefined ? last.start : startOf(start ?? usualStart),
    days,
    honest: number('honest', last?.honest ?? Math.min(numbers.honest.most, Math.max(10_000, accounts * 4))),
    accounts,
    tier: choice('tier', namesOf(tiers, 'tier'), last?.tier ?? 'T2'),
    scenario,
    regime: choice('regime', ['burn', 'pool'], last?.regime ?? 'burn'),
    attackFromD,
    attackDays: number('attack-days', last?.attackDays ?? Math.min(days * 0.3, 5)),
    adapted: last?.adapted ?? [],
    crowds: shares,
    usageDays: number('usage-days', last?.usageDays ?? 2),
    knownExits: number('known-exits', last?.knownExits ?? 0.3),
  };
}

const attackOptions = {
  tier: 'tier',
  accounts: 'accounts',
  regime: 'regime',
  attackFromD: 'attack-from',
  attackDays: 'attack-days',
} as const satisfies Readonly<Record<AttackChoice, string>>;

/** What is asked for and makes no difference is a misunderstanding; that nobody attacks may be said twice. */
function refuseIdle(args: ParsedArguments, scenario: string, accounts: number): void {
  const idle = scenarios
    .find(({ name }) => name === scenario)
    ?.leaves?.map((choice) => attackOptions[choice])
    .find((option) => args.text(option) !== undefined && !(option === 'accounts' && accounts === 0));
  if (idle !== undefined) throw new UsageError(`--${idle} makes no difference to --scenario ${scenario}: leave it out`);
}

const namesOf = <K extends string>(things: readonly Readonly<Record<K, string>>[], key: K): readonly string[] =>
  things.map((thing) => thing[key]);

interface Allowed {
  readonly least: number;
  readonly most: number;
  readonly isWhole?: boolean;
}

/** More accounts, or more days, than any trial needs and than memory holds. */
const people = { least: 0, most: 10_000_000, isWhole: true };
const dayCount = { least: 0.01, most: 3650 };

const numbers = {
  accounts: people,
  honest: people,
  days: dayCount,
  'attack-from': { ...dayCount, least: 0 },
  'attack-days': dayCount,
  'usage-days': { ...dayCount, least: 0 },
  'known-exits': { least: 0, most: 1 },
  crowds: { least: 0, most: 1_000_000 },
} as const satisfies Readonly<Record<string, Allowed>>;

type NumberName = keyof typeof numbers;

function numberOf(name: NumberName, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  const { least, most, isWhole = false }: Allowed = numbers[name];
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value;
  throw new UsageError(`--${name} is a ${isWhole ? 'whole ' : ''}number of ${least} to ${most}, not '${text}'`);
}

function startOf(text: string): number {
  const at = parseInstant(text);
  if (at === undefined) throw new UsageError(`--start is a time such as ${usualStart}, not '${text}'`);
  return at;
}

function oneOf<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((one) => one === text);
  if (choice === undefined) throw new UsageError(`--${name} is one of ${choices.join(', ')}, not '${text}'`);
  return choice;
}

/** `campus=0.1,agency=0`: shares of the honest accounts; what is not named keeps its own. */
function crowdShares(text: string | undefined): Record<string, number> {
  const names = crowds.map(({ name }) => name);
  const entries = (text ?? '').split(',').filter((part) => part !== '');
  const shares: Record<string, number> = {};
  for (const part of entries) {
    const [given = '', share] = part.split('=');
    const name = oneOf('crowds', given, names);
    if (Object.hasOwn(shares, name)) throw new UsageError(`--crowds names '${name}' twice`);
    shares[name] = numberOf('crowds', share ?? '', 0);
  }
  return shares;
}
