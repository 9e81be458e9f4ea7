interface Overlap {
  readonly rule: number;
  /** Accounts that both rules touched. */
  readonly both: number;
  /** The same among those that either touched. */
  readonly jaccard: number;
}

/** Which rules touch the same accounts. */
export class Overlaps {
  private readonly pairs = new Map<number, Map<number, number>>();

  /** The rules that fired on one account. */
  add(rules: readonly { readonly rule: number }[]): void {
    for (const { rule } of rules)
      for (const { rule: other } of rules) {
        if (rule === other) continue;
        const counts = this.pairs.get(rule) ?? new Map<number, number>();
        counts.set(other, (counts.get(other) ?? 0) + 1);
        this.pairs.set(rule, counts);
      }
  }

  /** Those with most in common first. */
  top(rule: number, how: { readonly most: number; readonly accountsOf: (rule: number) => number }): Overlap[] {
    const { most, accountsOf } = how;
    return [...(this.pairs.get(rule) ?? [])]
      .map(([other, both]) => {
        const either = accountsOf(rule) + accountsOf(other) - both;
        return { rule: other, both, jaccard: either === 0 ? 0 : Math.round((1000 * both) / either) / 1000 };
      })
      .sort((a, b) => b.jaccard - a.jaccard || a.rule - b.rule)
      .slice(0, most);
  }
}
