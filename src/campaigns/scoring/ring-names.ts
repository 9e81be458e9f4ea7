/** Names of one ring: when rings merge, later lines name their members' ring differently. */
export class RingNames {
  readonly #parent = new Map<string, string>();

  join(one: string, other: string): void {
    const [a, b] = [this.nameOf(one), this.nameOf(other)];
    if (a !== b) this.#parent.set(a, b);
  }

  /** One name for all names of a ring. */
  nameOf(ring: string): string {
    let name = ring;
    for (let next = this.#parent.get(name); next !== undefined; next = this.#parent.get(name)) name = next;
    return name;
  }
}
