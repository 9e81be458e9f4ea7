import { accountTimeline, type TimelineLimits } from './account-timeline.js';
import { drawStyle } from './attackers/draw-style.js';
import { type PoolPlan, poolArrivals, type Regime } from './attackers/pool.js';
import { tiers } from './attackers/tiers.js';
import type { Span } from './crowds/crowd.js';
import { crowds } from './crowds/registry.js';
import { usualLabels } from './late-labels.js';
import type { Arrival } from './people/account.js';
import { Random } from './random.js';
import { type Moment, mergeTimelines, type Timeline } from './timeline.js';

const dayMs = 86_400_000;

export interface CampaignParameters {
  readonly seed: string;
  readonly start: number;
  readonly days: number;
  readonly honest: number;
  /** Fraudulent accounts in all. */
  readonly accounts: number;
  readonly tier: string;
  readonly regime: Regime;
  /** Days after the start on which the attack begins, and how long it goes on. */
  readonly attackFromD: number;
  readonly attackDays: number;
  /** Share of the honest accounts by name of the crowd. */
  readonly crowds: Readonly<Record<string, number>>;
  readonly usageDays: number;
}

/** Everything that happens, in the order of time. */
export function generateCampaign(parameters: CampaignParameters): Generator<Moment> {
  const random = new Random(`portcullis ${parameters.seed}`);
  const span = { from: parameters.start, until: parameters.start + parameters.days * dayMs };
  const limits = { until: span.until, usageDays: parameters.usageDays, labels: usualLabels };
  const groups = [...honestGroups(parameters, span, random), ...attackPools(parameters, random)];
  return mergeTimelines(groups.map((arrivals) => arrivalTimeline(arrivals, limits)));
}

function* arrivalTimeline(arrivals: Iterable<Arrival>, limits: TimelineLimits): Timeline & Generator<Moment> {
  for (const arrival of arrivals) yield { at: arrival.at, opens: [accountTimeline(arrival, limits)] };
}

function honestGroups({ honest, crowds: shares }: CampaignParameters, span: Span, random: Random): Iterable<Arrival>[] {
  const shareOf = (name: string, usual: number): number => shares[name] ?? usual;
  const all = crowds.reduce((sum, { name, share }) => sum + shareOf(name, share), 0);
  return crowds.flatMap((crowd) => {
    const size = Math.round((honest * shareOf(crowd.name, crowd.share)) / all);
    return size === 0 ? [] : [...crowd.groups(size, span, random.fork(`crowd ${crowd.name}`))];
  });
}

function attackPools(parameters: CampaignParameters, random: Random): Iterable<Arrival>[] {
  const draw = random.fork(`campaign ${parameters.tier}`);
  const ranges = tiers.find(({ tier }) => tier === parameters.tier);
  if (ranges === undefined || parameters.accounts === 0) return [];
  const from = parameters.start + parameters.attackFromD * dayMs;
  const plan: PoolPlan = {
    campaign: 'c1',
    name: 'p1',
    ring: 'c1.p1',
    style: drawStyle(ranges, draw.fork('style')),
    accounts: parameters.accounts,
    from,
    until: from + parameters.attackDays * dayMs,
    regime: parameters.regime,
  };
  return [poolArrivals(plan, draw.fork('p1'))];
}
