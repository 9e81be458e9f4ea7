import { type Operations, type Problem, paths } from './types.ts';

/** What the service refused, in its own words. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly problem: Partial<Problem>,
  ) {
    super(problem.detail ?? problem.title ?? `the service answered ${status}`);
  }
}

/** A value that does not fit, and why. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** Parameters of a query are named as values of a body are. */
export const faultsIn = ({ problem: { errors = [] } }: ApiProblem): readonly Fault[] =>
  errors.map(({ pointer, parameter, detail }) => ({
    pointer: pointer ?? (parameter === undefined ? '' : `/${parameter}`),
    detail,
  }));

/** The service could not be reached, or did not answer in time. */
export class Unreachable extends Error {
  constructor(
    /** It was to do something: whether it has is not known. */
    readonly mayBeDone: boolean,
    readonly isSilent: boolean,
  ) {
    super(isSilent ? 'the service does not answer' : 'the service cannot be reached');
  }
}

type Needs<T> = keyof T extends never ? { readonly [none in never]: T } : T;
type Part<Name extends string, T> = T extends undefined
  ? unknown
  : keyof T extends never
    ? unknown
    : { readonly [key in Name]: Needs<T> };

type Ask<Id extends keyof Operations> = Part<'params', Operations[Id]['params']> &
  Part<'body', Operations[Id]['body']> & {
    readonly query?: Operations[Id]['query'];
    readonly signal?: AbortSignal | undefined;
  };

interface AnyAsk {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** One call of the API as the signed-in person; the answer's type is the operation's. Rejects with ApiProblem or Unreachable. */
export async function call<Id extends keyof Operations>(id: Id, ask: Ask<Id>): Promise<Operations[Id]['reply']> {
  // The shape was checked where the call is written; from here on it is only passed on.
  const { params, query, body, signal } = ask as AnyAsk;
  const [method, path] = paths[id];
  const url = path.replace(/\{([a-z_]+)\}/g, (_whole, name: string) => encodeURIComponent(params?.[name] ?? ''));
  const { status, text } = await send(`${url}${queryText(query)}`, {
    method,
    signal: signal ?? null,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
  if (status >= 400) throw problemOf(status, text);
  return (text === '' ? undefined : JSON.parse(text)) as Operations[Id]['reply'];
}

/** Reading can be asked for again; for what changes something a slow answer is better than none. */
const patienceMs = { reading: 15_000, changing: 20_000 } as const;

interface Sent {
  readonly status: number;
  readonly text: string;
}

/** Never tries again by itself: only whoever asked knows whether that does any harm. */
async function send(url: string, { signal, ...init }: RequestInit): Promise<Sent> {
  const isReading = init.method === 'GET';
  const patience = patienceOf(isReading ? patienceMs.reading : patienceMs.changing);
  try {
    const either = signal == null ? patience.signal : AbortSignal.any([signal, patience.signal]);
    const response = await fetch(url, { ...init, signal: either, credentials: 'same-origin' });
    return { status: response.status, text: await textOf(response, patience.heard) };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new Unreachable(!isReading, patience.signal.aborted);
  } finally {
    patience.end();
  }
}

/** Ends after so long a silence. */
function patienceOf(ms: number) {
  const silence = new AbortController();
  const giveUp = (): void => silence.abort();
  let timer = setTimeout(giveUp, ms);
  const end = (): void => clearTimeout(timer);
  const heard = (): void => {
    end();
    timer = setTimeout(giveUp, ms);
  };
  return { signal: silence.signal, heard, end };
}

/** An export can take long; as long as more of it comes the service is not silent. */
async function textOf({ body }: Response, heard: () => void): Promise<string> {
  if (body === null) return '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const parts: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts.join('');
    heard();
    parts.push(value);
  }
}

function queryText(query: Readonly<Record<string, unknown>> | undefined): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
}

function problemOf(status: number, text: string): ApiProblem {
  try {
    const problem: Partial<Problem> = JSON.parse(text);
    return new ApiProblem(status, problem.code ?? 'unknown', problem);
  } catch {
    return new ApiProblem(status, 'unknown', {});
  }
}
