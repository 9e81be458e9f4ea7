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

/** The service could not be reached at all. */
export class Unreachable extends Error {
  constructor() {
    super('the service cannot be reached');
  }
}

type Needs<T> = keyof T extends never ? { readonly [none in never]: T } : T;
type Part<Name extends string, T> = T extends undefined
  ? unknown
  : keyof T extends never
    ? unknown
    : { readonly [key in Name]: Needs<T> };

export type Ask<Id extends keyof Operations> = Part<'params', Operations[Id]['params']> &
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
  const response = await send(`${url}${queryText(query)}`, {
    method,
    signal: signal ?? null,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok) throw problemOf(response.status, text);
  return (text === '' ? undefined : JSON.parse(text)) as Operations[Id]['reply'];
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, credentials: 'same-origin' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable();
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
