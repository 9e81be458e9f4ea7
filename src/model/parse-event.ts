import { type Event, eventSchema } from './event.js';
import { type CardExemptions, inspectJson } from './inspect-json.js';
import type { Problem } from './problem.js';
import { err, type Result } from './result.js';
import { validate } from './validate.js';

/**
 * Where an event may carry long digits: ids, the user agent and ja4. A fingerprint, the id of a device or a payment
 * method, may hold them, but not be a card number; a phone number is one only while it is E.164 with its plus sign.
 */
export const eventCardExemptions: CardExemptions = {
  ids: new Set(['/event_id', '/account/id', '/api_key/id', '/device/ja4', '/user_agent']),
  phones: new Set(['/phone/number']),
  fingerprints: new Set(['/device/fingerprint', '/payment/fingerprint']),
};

/** The one way from JSON to an event. Card numbers are looked for first, so that a body with one is never looked at again. */
export function parseEvent(body: unknown): Result<Event, Problem> {
  const unfit = inspectJson(body, eventCardExemptions);
  return unfit === undefined ? validate<Event>(eventSchema, body) : err(unfit);
}
