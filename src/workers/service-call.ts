/** Where the service's HTTP API answers, and as whom to ask. */
interface ServiceAddress {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Milliseconds to wait for one answer; 10 seconds by default. */
  readonly timeoutMs?: number | undefined;
}

interface ServiceCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

export interface ServiceReply {
  readonly status: number;
  /** Undefined where it is no JSON. */
  readonly json: unknown;
  /** In one line what was asked of whom and how it was answered, for whoever reads logs. */
  readonly says: string;
}

/** Any status is a reply; rejects with one line when there is none. */
export async function callService(call: ServiceCall, address: ServiceAddress): Promise<ServiceReply> {
  const url = new URL(call.path, address.baseUrl);
  const what = `${call.method} ${url.origin}${url.pathname}`;
  try {
    const { status, text } = await send(url, call, address);
    const json = parsed(text);
    return { status, json, says: `${what} answered ${status}${explanationOf(json, text)}` };
  } catch (failure) {
    throw new Error(`${what} was not answered: ${causeOf(failure)}`, { cause: failure });
  }
}

async function send(url: URL, { method, body }: ServiceCall, { apiKey, timeoutMs = 10_000 }: ServiceAddress) {
  const response = await fetch(url, {
    method,
    body: body === undefined ? null : JSON.stringify(body),
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, text: await response.text() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const mostShown = 200;

/** Code, detail and request id of a problem; of anything else how it begins. */
function explanationOf(json: unknown, text: string): string {
  const code = memberOf(json, 'code');
  if (code === undefined) return text === '' ? '' : `: ${text.slice(0, mostShown).replace(/\s+/g, ' ')}`;
  const [detail, requestId] = [memberOf(json, 'detail'), memberOf(json, 'request_id')];
  return ` ${code}${detail === undefined ? '' : `: ${detail}`}${requestId === undefined ? '' : ` (request ${requestId})`}`;
}

/** A text that a JSON object has under this name. */
export function memberOf(json: unknown, name: string): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const value: unknown = Object.entries(json).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}

/** `fetch` itself says no more than that it failed. */
function causeOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  return failure.cause instanceof Error ? failure.cause.message : failure.message;
}
