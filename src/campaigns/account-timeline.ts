import type { Event, EventType } from '../model/event.js';
import { toIso } from '../model/time.js';
import { type LabelHabits, lateLabel } from './late-labels.js';
import type { Arrival, PlannedAccount } from './people/account.js';
import type { Random } from './random.js';
import type { Moment, Timeline } from './timeline.js';
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

interface Step {
  readonly at: number;
  readonly type: EventType;
  readonly key: number;
  readonly hour?: number;
}

/** What is kept of an account after its signup: a million of them wait for their later events. */
interface Settled {
  readonly at: number;
  readonly planned: Pick<PlannedAccount, 'id' | 'userAgent' | 'addressAt' | 'payment' | 'paysAtSignup' | 'habits'>;
  readonly random: Random;
}

function settled({ at, planned, random }: Arrival): Settled {
  const { id, userAgent, addressAt, payment, paysAtSignup, habits } = planned;
  return { at, random, planned: { id, userAgent, addressAt, payment, paysAtSignup, habits } };
}

function* laterSteps({ at, planned }: Settled, usageDays: number): Generator<Step> {
  const { habits } = planned;
  if (planned.payment !== undefined && !planned.paysAtSignup && habits.payAfterMs !== undefined)
    yield { at: at + habits.payAfterMs, type: 'payment_method_added', key: 0 };
  for (const [key, after] of habits.keysAfterMs.entries()) yield { at: at + after, type: 'api_key_created', key };
  if (habits.useAfterMs === undefined) return;
  for (const hour of counterHours(Math.min(usageDays, habits.days)))
    yield { at: at + habits.useAfterMs + hour * hourMs, type: 'api_key_used', key: 0, hour };
}

/** The signup with the account's truth, and with it the timeline of all that comes later. */
export function signupMoment(arrival: Arrival, limits: TimelineLimits): Moment {
  const event = {
    ...commonParts(settled(arrival), { at: arrival.at, type: 'signup', key: 0 }, 0),
    ...signupParts(arrival),
  };
  const opens: Timeline[] = [laterTimeline(settled(arrival), limits)];
  const label = lateLabel(arrival, limits.labels);
  if (label !== undefined && label.atMs <= limits.until) opens.push([{ at: label.atMs, label: label.line }].values());
  return { at: arrival.at, event, truth: truthLine(arrival), opens };
}

function* laterTimeline(account: Settled, { until, usageDays }: TimelineLimits): Generator<Moment> {
  const steps = [...laterSteps(account, usageDays)].sort((a, b) => a.at - b.at);
  for (const [index, step] of steps.entries()) {
    const at = Math.round(step.at);
    if (at > until) return;
    yield { at, event: laterEvent(account, { ...step, at }, index + 1) };
  }
}

function commonParts({ planned, random }: Settled, { at, type }: Step, number: number) {
  return {
    type,
    event_id: `evt_${planned.id.slice(5)}_${number}`,
    occurred_at: toIso(at),
    ip: planned.addressAt(random.fork(`event ${number}`)),
    ...(planned.userAgent === undefined ? {} : { user_agent: planned.userAgent }),
  };
}

function laterEvent(account: Settled, step: Step, number: number): Event {
  const { planned, random } = account;
  const base = { ...commonParts(account, step, number), account: { id: planned.id } };
  if (step.type === 'payment_method_added')
    return { ...base, ...(planned.payment === undefined ? {} : { payment: planned.payment }) };
  const key = { id: `key_${planned.id.slice(5)}_${step.key}` };
  if (step.type === 'api_key_created') return { ...base, api_key: key };
  const { programAt, programJa4 } = planned.habits;
  const { user_agent: _browser, ...fromProgram } = base;
  return {
    ...fromProgram,
    ...(programAt === undefined ? {} : { ip: programAt(random.fork(`event ${number}`)) }),
    ...(programJa4 === undefined ? {} : { device: { ja4: programJa4 } }),
    api_key: key,
    usage: usageOf(account, step.hour ?? 1),
  };
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
function usageOf({ planned, random }: Settled, hour: number): NonNullable<Event['usage']> {
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
