import { evidenceOf, type LinkSpec } from '../model/link.js';
import { type LinkUse, type RingReading, type RingSighting, ringSizeMost } from '../model/ring.js';

/**
 * The ring that the account is in, else the one that a strong link leads to, else the one that two different weak links
 * lead to. Among several of a kind it is the largest, then the one that was there first. The account itself is counted.
 */
export function joinedRing(
  sighting: RingSighting,
  used: readonly LinkUse[],
  links: ReadonlyMap<string, Pick<LinkSpec, 'name' | 'strength' | 'sameAs'>>,
): RingReading | undefined {
  if (sighting.own !== undefined) return sighting.rings.get(sighting.own);
  if (sighting.byLink.size === 0) return undefined;
  const strong: string[] = [];
  const weak = new Map<string, Set<string>>();
  for (const { link } of used) {
    const ring = sighting.byLink.get(link);
    const spec = links.get(link);
    if (ring === undefined || spec === undefined) continue;
    if (spec.strength === 'strong') strong.push(ring);
    else weak.set(ring, (weak.get(ring) ?? new Set()).add(evidenceOf(spec)));
  }
  const twice = [...weak].flatMap(([ring, by]) => (by.size > 1 ? [ring] : []));
  const found = largest(strong, sighting) ?? largest(twice, sighting);
  return found === undefined ? undefined : withJoiner(found);
}

function largest(ids: readonly string[], { rings }: RingSighting): RingReading | undefined {
  const found = ids.flatMap((id) => rings.get(id) ?? []);
  return found.sort((a, b) => b.size - a.size || b.ageMs - a.ageMs || (a.ringId < b.ringId ? -1 : 1))[0];
}

/** Shares follow its size; what the joiner adds to prefixes and templates is counted when it has joined. */
const withJoiner = (ring: RingReading): RingReading => ({
  ...ring,
  size: Math.min(ringSizeMost, ring.size + 1),
  growth1h: Math.min(ringSizeMost, ring.growth1h + 1),
});
