import { tiers } from '../campaigns/attackers/tiers.js';
import { crowds } from '../campaigns/crowds/registry.js';
import type { CampaignParameters } from '../campaigns/generate-campaign.js';
import { type ParsedArguments, UsageError } from './command-arguments.js';

export const simulateOptions = {
  tier: { type: 'string' },
  accounts: { type: 'string' },
  honest: { type: 'string' },
  seed: { type: 'string' },
  days: { type: 'string' },
  start: { type: 'string' },
  regime: { type: 'string' },
  'attack-from': { type: 'string' },
  'attack-days': { type: 'string' },
  'usage-days': { type: 'string' },
  crowds: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export function readParameters(args: ParsedArguments): CampaignParameters {
  const number = (name: string, usual: number): number => numberOf(name, args.text(name), usual);
  const days = number('days', 21);
  const accounts = number('accounts', 25_000);
  return {
    seed: args.text('seed') ?? '1',
    start: startOf(args.text('start') ?? '2026-09-01T00:00:00Z'),
    days,
    honest: number('honest', Math.max(10_000, accounts * 4)),
    accounts,
    tier: oneOf(
      'tier',
      args.text('tier') ?? 'T2',
      tiers.map(({ tier }) => tier),
    ),
    regime: oneOf('regime', args.text('regime') ?? 'burn', ['burn', 'pool'] as const),
    attackFromD: number('attack-from', days * 0.6),
    attackDays: number('attack-days', Math.min(days * 0.3, 5)),
    crowds: crowdShares(args.text('crowds')),
    usageDays: number('usage-days', 2),
  };
}

function numberOf(name: string, text: string | undefined, usual: number): number {
  const value = text === undefined ? usual : Number(text);
  if (!Number.isFinite(value) || value < 0) throw new UsageError(`--${name} is a number of 0 or more, not '${text}'`);
  return value;
}

function startOf(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new UsageError(`--start is a time such as 2026-09-01T00:00:00Z, not '${text}'`);
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
