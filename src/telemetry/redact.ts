import { containsCardNumber } from '../model/card-number.js';

const redacted = '[redacted]';

/** Keys whose values identify a person or open a door; whatever stands below them is dropped too. */
const secretKeys = new Set([
  'ip',
  'remote_address',
  'remoteaddress',
  'x-forwarded-for',
  'email',
  'address',
  'phone',
  'number',
  'device',
  'fingerprint',
  'payment',
  'card',
  'bin',
  'user_agent',
  'useragent',
  'user-agent',
  'authorization',
  'cookie',
  'set-cookie',
  'x-portcullis-key',
  'x-account-id',
  'account_id',
  'accountid',
  'secret',
  'password',
  'pepper',
  'token',
  'claim_token',
  'claimtoken',
  'evidence',
  'body',
  'event',
  'custom',
  'parameters',
]);

const patterns: readonly RegExp[] = [
  /[^\s@"'<>(),:;[\]]{1,64}@[A-Za-z0-9.-]{1,253}/g,
  // The process's own loopback addresses are nobody's.
  /\b(?!127\.|0\.0\.0\.0\b)(?:\d{1,3}\.){3}\d{1,3}\b/g,
  /(?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{0,4}(?![\w:])|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){1,6}(?::[0-9a-fA-F]{1,4}){1,6}(?![\w:])/g,
  /\+[1-9]\d{6,14}\b/g,
  /\bpk_[A-Za-z0-9_-]{8,}/g,
];

/** Free text: addresses, e-mail, phone and card numbers and keys are cut out wherever they stand. */
export function redactText(text: string): string {
  if (containsCardNumber(text)) return redacted;
  return patterns.reduce((rest, pattern) => rest.replace(pattern, redacted), text);
}

function redactError(error: Error): Record<string, unknown> {
  const code = 'code' in error ? { code: error.code } : {};
  return { type: error.name, message: redactText(error.message), stack: redactText(error.stack ?? ''), ...code };
}

const maxDepth = 6;

/** A copy fit for a log: identifiers dropped by key, and cut out of every text. */
function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value instanceof Error) return redactError(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return redacted;
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redactValue(item, depth + 1));
  return redactFields(value, depth);
}

function redactFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]: [string, unknown]) => [
      key,
      secretKeys.has(key.toLowerCase()) ? redacted : redactValue(value, depth + 1),
    ]),
  );
}

export const redactObject = (fields: object): Record<string, unknown> => redactFields(fields, 0);
