import { signupMoment, type TimelineLimits } from './account-timeline.js';
import type { StylePart } from './attackers/draw-style.js';
import { poolArrivals, type Regime } from './attackers/pool.js';
import { scenarios } from './attackers/scenarios.js';
import type { Span } from './crowds/crowd.js';
import { crowds } from './crowds/registry.js';
import { usualLabels } from './late-labels.js';
import type { Arrival } from './people/account.js';
import { TakenMailboxes } from './people/taken-mailboxes.js';
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
  /** Name of the way to attack (attackers/scenarios.ts). */
  readonly scenario: string;
  readonly regime: Regime;
  /** Days after the start on which the attack begins, and how long it goes on. */
  readonly attackFromD: number;
  readonly attackDays: number;
  /** Share of the honest accounts by name of the crowd. */
  readonly crowds: Readonly<Record<string, number>>;
  readonly usageDays: number;
  /** Share of rented home blocks that IP intelligence knows. */
  readonly knownExits: number;
  /** What attackers changed after earlier rounds. */
  readonly adapted: readonly StylePart[];
}

/** Everything that happens, in the order of time. */
export function generateCampaign(parameters: CampaignParameters): Generator<Moment> {
  const random = new Random(`portcullis ${parameters.seed}`);
  const span = { from: parameters.start, until: parameters.start + parameters.days * dayMs };
  const limits = { until: span.until, usageDays: parameters.usageDays, labels: usualLabels };
  const groups = [...honestGroups(parameters, span, random), ...attackPools(parameters, span, random)];
  const mailboxes = new TakenMailboxes();
  return mergeTimelines(groups.map((arrivals) => arrivalTimeline(arrivals, limits, mailboxes)));
}

function* arrivalTimeline(
  arrivals: Iterable<Arrival>,
  limits: TimelineLimits,
  mailboxes: TakenMailboxes,
): Timeline & Generator<Moment> {
  for (const arrival of arrivals) {
    const planned = mailboxes.give(arrival.planned, arrival.random.fork('mailbox'));
    yield signupMoment({ ...arrival, planned }, limits);
  }
}

function honestGroups({ honest, crowds: shares }: CampaignParameters, span: Span, random: Random): Iterable<Arrival>[] {
  const shareOf = (name: string, usual: number): number => shares[name] ?? usual;
  const all = crowds.reduce((sum, { name, share }) => sum + shareOf(name, share), 0);
  return crowds.flatMap((crowd) => {
    const size = Math.round((honest * shareOf(crowd.name, crowd.share)) / all);
    return size === 0 ? [] : [...crowd.groups(size, span, random.fork(`crowd ${crowd.name}`))];
  });
}

function attackPools(parameters: CampaignParameters, span: Span, random: Random): Iterable<Arrival>[] {
  const { attackFromD, attackDays, accounts, tier, regime, adapted } = parameters;
  const scenario = scenarios.find(({ name }) => name === parameters.scenario);
  if (scenario === undefined || accounts === 0) return [];
  const operator = random.fork(`operator ${tier} ${parameters.scenario}`);
  const from = span.from + attackFromD * dayMs;
  const until = Math.min(span.until, from + attackDays * dayMs);
  const plans = scenario.plan({ tier, accounts, regime, adapted, from, until, end: span.until }, operator.fork('plan'));
  return plans.map((plan) => poolArrivals(plan, operator));
}
