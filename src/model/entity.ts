/** What events share. */
export const entityTypes = [
  'account',
  'ip',
  'ip_prefix',
  'asn',
  'device',
  'card',
  'email',
  'email_domain',
  'phone',
  'api_key',
] as const;
export type EntityType = (typeof entityTypes)[number];

/** Keyed hash of an identifier, `HMAC-SHA256(pepper[kid], type, normalised)`, as `kid.base64url`. */
export type HashIdentifier = (type: string, normalised: string) => string;
