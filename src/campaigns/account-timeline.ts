import type { Event, EventType } from '../model/event.js';
import { toIso } from '../model/time.js';
import { type LabelHabits, lateLabel } from './late-labels.js';
import type { Arrival } from './people/account.js';
import type { Moment } from './timeline.js';
import { truthLine } from './truth-line.js';

const hourMs = 3_600_000;

export interface TimelineLimits {
  /** Nothing is told after this. */
  readonly until: number;
  /** Days during which a gateway's counters are written, from the first use on. */
  readonly usageDays: number;
  readonly labels: LabelHabits;
}

/** Hours after the first use at which counters of the hour before are written: densely at first, then once a day. */
function* counterHours(days: number): Generator<number> {
  yield* [1, 6, 24].filter((hour) => hour <= days * 24);
  for (let day = 2; day <= days; day++) yield day * 24;
}

type Step = { readonly at: number; readonly type: EventType; readonly key: number; readonly hour?: number };

function* stepsOf({ at, planned }: Arrival, usageDays: number): Generator<Step> {
  const { habits } = planned;
  yield { at, type: 'signup', key: 0 };
  if (planned.payment !== undefined && !planned.paysAtSignup && habits.payAfterMs !== undefined)
    yield { at: at + habits.payAfterMs, type: 'payment_method_added', key: 0 };
  for (const [key, after] of habits.keysAfterMs.entries()) yield { at: at + after, type: 'api_key_created', key };
  if (habits.useAfterMs === undefined) return;
  for (const hour of counterHours(Math.min(usageDays, habits.days)))
    yield { at: at + habits.useAfterMs + hour * hourMs, type: 'api_key_used', key: 0, hour };
}

/** Everything one account does, its truth with the signup, and its label when that is learnt. Events are made one by one. */
export function* accountTimeline(arrival: Arrival, { until, usageDays, labels }: TimelineLimits): Generator<Moment> {
  const steps = [...stepsOf(arrival, usageDays)].sort((a, b) => a.at - b.at);
  const label = lateLabel(arrival, labels);
  let isLabelTold = label === undefined;
  for (const [number, step] of steps.entries()) {
    const at = Math.round(step.at);
    if (label !== undefined && !isLabelTold && label.atMs < at) {
      isLabelTold = true;
      if (label.atMs <= until) yield { at: label.atMs, label: label.line };
    }
    if (at > until) return;
    const event = eventOf({ arrival, step: { ...step, at }, number });
    yield number === 0 ? { at, event, truth: truthLine(arrival) } : { at, event };
  }
  if (label !== undefined && !isLabelTold && label.atMs <= until) yield { at: label.atMs, label: label.line };
}

interface EventParts {
  readonly arrival: Arrival;
  readonly step: Step;
  readonly number: number;
}

function eventOf({ arrival, step, number }: EventParts): Event {
  const { planned } = arrival;
  const random = arrival.random.fork(`event ${number}`);
  const base = {
    type: step.type,
    event_id: `evt_${planned.id.slice(5)}_${number}`,
    occurred_at: toIso(step.at),
    ip: planned.addressAt(random),
    ...(planned.userAgent === undefined ? {} : { user_agent: planned.userAgent }),
  };
  if (step.type === 'signup') return { ...base, ...signupParts(arrival) };
  if (step.type === 'payment_method_added')
    return {
      ...base,
      account: { id: planned.id },
      ...(planned.payment === undefined ? {} : { payment: planned.payment }),
    };
  const key = { id: `key_${planned.id.slice(5)}_${step.key}` };
  if (step.type === 'api_key_created') return { ...base, account: { id: planned.id }, api_key: key };
  const { programAt, programJa4 } = planned.habits;
  const { user_agent: _, ...own } = base;
  const fromProgram = {
    ...own,
    ...(programAt === undefined ? {} : { ip: programAt(random) }),
    ...(programJa4 === undefined ? {} : { device: { ja4: programJa4 } }),
  };
  return { ...fromProgram, account: { id: planned.id }, api_key: key, usage: usageOf(arrival, step.hour ?? 1) };
}

function signupParts({ planned }: Arrival): Pick<Event, 'account'> & Partial<Event> {
  const { account, email, phone, device, payment, acceptLanguage } = planned;
  return {
    account: { id: planned.id, ...account },
    ...(acceptLanguage === undefined ? {} : { accept_language: acceptLanguage }),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(device === undefined ? {} : { device }),
    ...(payment === undefined || !planned.paysAtSignup ? {} : { payment }),
  };
}

/** Counters of the hour that ends now. */
function usageOf({ planned, random }: Arrival, hour: number): NonNullable<Event['usage']> {
  const { habits } = planned;
  const draw = random.fork(`usage ${hour}`);
  const ramp = habits.rampH === 0 ? 1 : Math.min(1, hour / habits.rampH);
  const requests = Math.max(1, Math.round((habits.exchangesPerDay / 24) * ramp * draw.between(0.6, 1.4)));
  return {
    window_s: 3600,
    requests,
    output_tokens: Math.round(requests * draw.logNormal(600, 0.5)),
    distinct_ips: Math.min(habits.distinctIps, requests),
    top_model_share: habits.topModelShare,
    ...(habits.promptTemplate === undefined ? {} : { prompt_template: habits.promptTemplate }),
  };
}
