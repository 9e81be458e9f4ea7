/** Apart from event.ts, so that checking rules does not load the schema library. */
export const eventTypes = ['signup', 'payment_method_added', 'api_key_created', 'api_key_used'] as const;
export type EventType = (typeof eventTypes)[number];

/** What features can count: events, and verifications that an account passed. */
export const observedTypes = [...eventTypes, 'verified'] as const;
export type ObservedType = (typeof observedTypes)[number];
