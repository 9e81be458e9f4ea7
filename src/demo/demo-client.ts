import type { Decision } from '../model/decision.js';
import type { DemoService } from './play-demo.js';

interface Ring {
  readonly id: string;
  readonly size: number;
  readonly case_id: string | null;
  readonly members: readonly { readonly state: string }[];
}

/** The demo talks to the service as any caller does: over HTTP, with a key. */
export function createDemoClient(url: string, key: string): DemoService {
  const ask = async <T>(path: string, body?: unknown): Promise<T | undefined> => {
    const response = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`the service answered ${response.status} to ${path}: ${await response.text()}`);
    // It is our own service: its answers have the form of its document.
    return (await response.json()) as T;
  };
  return {
    async evaluate(event) {
      const decision = await ask<Decision>('/v1/evaluations', event);
      if (decision === undefined) throw new Error('the service knows no evaluations');
      return decision;
    },
    async ringOf(decision) {
      const ring = decision?.ring ?? undefined;
      const found = ring === undefined ? undefined : await ask<Ring>(`/v1/rings/${ring.id}`);
      if (found === undefined) return undefined;
      const held = found.members.filter(({ state }) => state === 'held' || state === 'denied').length;
      return { id: found.id, size: found.size, held, caseId: found.case_id };
    },
  };
}
