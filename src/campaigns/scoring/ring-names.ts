/** `ring_` and the ten digits of a ULID that tell when the ring began. */
const beganAt = (ring: string): string => ring.slice(0, 15);

/**
 * Names of one ring: when rings merge, later lines name their members' ring differently, by that of the ring which began first.
 * Where a ring falls apart its parts have names of their own, and its age: those are not joined. A ring that is still named after
 * a member went elsewhere has not merged, either.
 */
export class RingNames {
  readonly #into = new Map<string, string>();
  readonly #named = new Set<string>();
  readonly #parts = new Set<string>();

  /** A line names the ring of an account; `before` is the ring that it was in by the last line that named one. */
  name(ring: string, before: string | undefined): void {
    const isFirst = !this.#named.has(ring);
    this.#named.add(ring);
    this.#into.delete(ring);
    if (before === undefined || before === ring) return;
    const isAsOld = beganAt(ring) === beganAt(before);
    if (isAsOld && isFirst) this.#parts.add(ring);
    if (beganAt(ring) < beganAt(before) || (isAsOld && !this.#parts.has(ring))) this.#into.set(before, ring);
  }

  /** One name for all names of a ring. */
  nameOf(ring: string): string {
    let name = ring;
    for (let next = this.#into.get(name); next !== undefined; next = this.#into.get(name)) name = next;
    return name;
  }
}
