import type { FeatureLookup, FeatureRequest, KeyAsk } from './feature-store.js';
import { planKey } from './key-plan.js';

/** A request key by key. */
interface AskedKeys {
  readonly keys: readonly KeyAsk[];
  /** Which lookup of the request each reading answers, key after key; undefined: in their order. */
  readonly positions: readonly number[] | undefined;
}

/** As it was planned, else made of the lookups of a request that nobody planned. */
export function askedKeys(request: FeatureRequest): AskedKeys {
  const { keys } = request;
  if (keys !== undefined) return { keys, positions: undefined };
  const byKey = new Map<string, { lookup: FeatureLookup; position: number }[]>();
  for (const [position, lookup] of request.lookups.entries()) {
    const asked = byKey.get(lookup.key);
    if (asked === undefined) byKey.set(lookup.key, [{ lookup, position }]);
    else asked.push({ lookup, position });
  }
  return {
    keys: [...byKey].map(([key, asked]) => askOf(key, asked)),
    positions: [...byKey.values()].flat().map(({ position }) => position),
  };
}

function askOf(key: string, asked: readonly { readonly lookup: FeatureLookup }[]): KeyAsk {
  const plan = planKey(asked.map(({ lookup }) => lookup));
  return { plan, key, members: plan.places.map((place) => asked[place]?.lookup.member) };
}
