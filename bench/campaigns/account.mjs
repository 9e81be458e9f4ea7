import { says } from './machines.mjs';

const second = 1000;
const isoOf = (at) => new Date(at).toISOString();

/**
 * An account's events. `plan`: `{ id, at, ip, machine, quiet?, formMs, email, phone?, path, organization?, country, card?,
 * payAfter?, keyAfter?, keyIp?, keyAgent?, uses: [{ after, ip, window_s, requests, … }] }`; times in seconds after the signup,
 * uses after the key. A card without `payAfter` comes with the signup.
 */
export function eventsOf(plan, dice) {
  const machine = says(dice, plan.machine, { quiet: plan.quiet, formMs: plan.formMs });
  const account = clean({
    id: plan.id,
    organization: plan.organization,
    path: plan.path,
    plan: 'api',
    declared_country: plan.country.code,
    referrer: plan.referrer,
  });
  const base = { ...machine, ip: plan.ip };
  const events = [
    at(plan.at, {
      type: 'signup',
      event_id: `${plan.id}:s`,
      account,
      ...base,
      email: { address: plan.email, verified: plan.emailVerified ?? true },
      phone: plan.phone && { number: plan.phone, verified: true },
      payment: plan.payAfter === undefined ? plan.card : undefined,
    }),
  ];
  if (plan.card && plan.payAfter !== undefined)
    events.push(
      at(plan.at + plan.payAfter * second, {
        type: 'payment_method_added',
        event_id: `${plan.id}:p`,
        account: { id: plan.id },
        ...base,
        payment: plan.card,
      }),
    );
  if (plan.keyAfter !== undefined) events.push(...keyEvents(plan, base));
  return events;
}

function keyEvents(plan, base) {
  const made = plan.at + plan.keyAfter * second;
  const api_key = { id: `${plan.id}:key` };
  const own = { ...base, ip: plan.keyIp ?? plan.ip };
  const uses = (plan.uses ?? []).map(({ after, ip, ...usage }, i) => {
    const machine = { user_agent: usage.agent ?? 'python-requests/2.32', device: usage.ja4 && { ja4: usage.ja4 } };
    const { agent: _agent, ja4: _ja4, ...counted } = usage;
    return at(made + after * second, {
      type: 'api_key_used',
      event_id: `${plan.id}:u${i}`,
      account: { id: plan.id },
      ...machine,
      ip,
      api_key,
      usage: counted,
    });
  });
  return [
    at(made, { type: 'api_key_created', event_id: `${plan.id}:k`, account: { id: plan.id }, ...own, api_key }),
    ...uses,
  ];
}

const clean = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
const at = (when, event) => ({ when: Math.round(when), event: clean({ ...event, occurred_at: isoOf(when) }) });

/** Requests as a person's programs make them: small at first, growing, in the daytime. */
export function humanUses(dice, ip, wish = dice.scale(2, 120)) {
  const begin = dice.delay(1200, 1.5);
  return Array.from({ length: dice.whole(1, 4) }, (_, i) => ({
    after: begin + i * dice.between(3600, 40_000),
    ip: dice.chance(0.85) ? ip : ip,
    window_s: 3600,
    requests: Math.ceil(wish * (0.3 + i * 0.5)),
    output_tokens: Math.ceil(wish * 500),
    distinct_ips: dice.weighted([
      [1, 8],
      [2, 2],
      [5, 0.5],
    ]),
    top_model_share: Math.round(dice.between(0.5, 1) * 100) / 100,
    prompt_template: `h_${dice.text(6, '0123456789abcdef')}`,
  }));
}
