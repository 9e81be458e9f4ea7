/** The closed list of what can go wrong in ways that a caller can understand; one map to HTTP lives at the edge. */
export const problemCodes = {
  malformed_request: { status: 400, title: 'The request cannot be understood' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  missing_id: { status: 400, title: 'Name an account or an API key' },
  unauthenticated: { status: 401, title: 'A valid API key is needed' },
  forbidden: { status: 403, title: 'This role may not do that' },
  /** The gate's refusals: an answer, in the same form as every other refusal. */
  not_admitted: { status: 403, title: 'The account is not admitted' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'This path does not take that method' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  in_flight: { status: 409, title: 'The same event is being decided just now' },
  stale_claim: { status: 409, title: 'The claim is no longer yours' },
  conflict: { status: 409, title: 'The state has changed meanwhile' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'Send application/json' },
  invalid: { status: 422, title: 'The request does not fit the schema' },
  idempotency_mismatch: { status: 422, title: 'This id was used with another body' },
  card_number_rejected: { status: 422, title: 'Card numbers are never accepted' },
  too_many_requests: { status: 429, title: 'Slow down' },
  quota_spent: { status: 429, title: "Today's quota is spent" },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something broke here' },
  unavailable: { status: 503, title: 'Cannot decide right now' },
} as const;

export type ProblemCode = keyof typeof problemCodes;

export interface ProblemError {
  /** JSON pointer into the request body, empty for the whole. */
  readonly pointer: string;
  readonly detail: string;
}

export interface Problem {
  readonly code: ProblemCode;
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
  readonly retryAfterSeconds?: number;
}

export const problem = (code: ProblemCode, more: Omit<Problem, 'code'> = {}): Problem => ({ code, ...more });
