import { abusiveCrowds, honestCrowds } from './crowds.mjs';

/** About `count` signups of all crowds with what follows them, in order of time, ending now. */
export function planTrial(make, { count, start, spanS, tag }) {
  const crowds = Object.entries({ ...honestCrowds, ...abusiveCrowds });
  const shares = crowds.reduce((sum, [, { share }]) => sum + share, 0);
  const events = [];
  let serial = 0;
  for (const [crowd, { share, one, many, group = 1, withinS = 0 }] of crowds) {
    let left = Math.max(group, Math.round((count * share) / shares));
    while (left > 0) {
      const size = Math.min(group, left);
      const member = many === undefined ? () => one(make) : many(make);
      // A group of people signs up within its own stretch of time; room is left for keys made later.
      const begin = start + make.random.int(0, Math.max(1, spanS * 0.7 - Math.min(withinS, spanS * 0.6))) * 1000;
      for (let i = 0; i < size; i++) {
        const at = begin + make.random.int(0, Math.min(withinS, spanS * 0.6)) * 1000;
        events.push(...signupAndAfter(member(), { crowd, at, id: `${tag}-${++serial}`, end: start + spanS * 1000 }));
      }
      left -= size;
    }
  }
  return events.sort((a, b) => a.at - b.at);
}

/** Crowds leave out what they do not know; the service takes no undefined keys, and JSON drops them. */
function signupAndAfter({ keyAfterS, payment, account, usedFrom, ...parts }, { crowd, at, id, end }) {
  const accountId = `trial-${id}`;
  const { ip, user_agent, accept_language } = parts;
  const event = (type, afterS, more) => ({
    crowd,
    accountId,
    at: Math.min(at + afterS * 1000, end),
    body: { type, event_id: `trial-${id}-${type}`, account: { id: accountId }, ...more },
  });
  const key = { id: `key-${id}`, scopes: ['messages'] };
  const paysAtSignup = keyAfterS < 15;
  const events = [
    event('signup', 0, {
      ...parts,
      account: { id: accountId, ...account },
      payment: paysAtSignup ? payment : undefined,
    }),
  ];
  if (payment !== undefined && !paysAtSignup)
    events.push(event('payment_method_added', Math.min(keyAfterS - 2, 90), { ip, user_agent, payment }));
  events.push(event('api_key_created', keyAfterS, { ip, user_agent, accept_language, api_key: key }));
  if (usedFrom !== undefined)
    for (let i = 0; i < 4; i++)
      events.push({ ...event('api_key_used', keyAfterS + 60 * i, { ...usedFrom(), api_key: key }), accountId });
  for (const [index, item] of events.entries()) {
    item.body.event_id += `-${index}`;
    item.body.occurred_at = new Date(item.at).toISOString();
  }
  return events;
}
