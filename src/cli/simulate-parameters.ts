import { scenarios } from '../campaigns/attackers/scenarios.js';
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
  const number = (name: string, usual: number): number => numberOf(name, args.text(name), usual);
  const choice = <T extends string>(name: string, choices: readonly T[], usual: T): T =>
    oneOf(name, args.text(name) ?? usual, choices);
  const days = number('days', last?.days ?? 21);
  const accounts = number('accounts', last?.accounts ?? 25_000);
  const start = args.text('start');
  return {
    seed: args.text('seed') ?? last?.seed ?? '1',
    start: start === undefined && last !== undefined ? last.start : startOf(start ?? usualStart),
    days,
    honest: number('honest', last?.honest ?? Math.max(10_000, accounts * 4)),
    accounts,
    tier: choice('tier', namesOf(tiers, 'tier'), last?.tier ?? 'T2'),
    scenario: choice('scenario', namesOf(scenarios, 'name'), last?.scenario ?? 'single'),
    regime: choice('regime', ['burn', 'pool'], last?.regime ?? 'burn'),
    attackFromD: number('attack-from', last?.attackFromD ?? days * 0.6),
    attackDays: number('attack-days', last?.attackDays ?? Math.min(days * 0.3, 5)),
    adapted: last?.adapted ?? [],
    crowds: { ...last?.crowds, ...crowdShares(args.text('crowds')) },
    usageDays: number('usage-days', last?.usageDays ?? 2),
    knownExits: number('known-exits', last?.knownExits ?? 0.3),
  };
}

const namesOf = <K extends string>(things: readonly Readonly<Record<K, string>>[], key: K): readonly string[] =>
  things.map((thing) => thing[key]);

function numberOf(name: string, text: string | undefined, usual: number): number {
  const value = text === undefined ? usual : Number(text);
  if (!Number.isFinite(value) || value < 0) throw new UsageError(`--${name} is a number of 0 or more, not '${text}'`);
  return value;
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
  return Object.fromEntries(
    entries.map((part) => {
      const [name = '', share] = part.split('=');
      return [oneOf('crowds', name, names), numberOf('crowds', share, 0)];
    }),
  );
}
