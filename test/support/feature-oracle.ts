import type { FeatureRequest } from '../../src/features/feature-store.js';
import type { FeatureSpec } from '../../src/model/feature.js';
import type { Label } from '../../src/model/label.js';

interface Kept {
  readonly spec: string;
  readonly key: string;
  readonly event: string;
  readonly account: string;
  readonly member: string | undefined;
  readonly at: number;
}

/** Keeps every event and computes each feature by its definition, the slow way. */
export class FeatureOracle {
  private readonly kept: Kept[] = [];
  private readonly labels = new Map<string, { label: Label; at: number }>();

  knows(event: string): boolean {
    return this.kept.some((one) => one.event === event);
  }

  label(account: string, label: Label, at: number): void {
    const known = this.labels.get(account);
    if (known === undefined || at >= known.at) this.labels.set(account, { label, at });
  }

  observe(request: FeatureRequest): (number | undefined)[] {
    for (const { spec, key, counts, member } of request.lookups) {
      const repeated = this.kept.some(
        (one) => one.spec === spec.id && one.key === key && one.event === request.eventId,
      );
      if (!counts || repeated || (spec.kind === 'distinct' && member === undefined)) continue;
      this.kept.push({
        spec: spec.id,
        key,
        event: request.eventId,
        account: request.accountId,
        member,
        at: request.at,
      });
    }
    return request.lookups.map(({ spec, key }) => this.value(spec, key, request.at));
  }

  private value(spec: FeatureSpec, key: string, at: number): number | undefined {
    const all = this.kept.filter((one) => one.spec === spec.id && one.key === key);
    if (spec.kind === 'age')
      return all.length === 0 ? undefined : Math.max(0, (at - Math.min(...all.map((one) => one.at))) / 1000);
    const inside = all.filter((one) => one.at <= at && one.at > at - (spec.windowMs ?? 0));
    if (spec.kind === 'count') return inside.length;
    if (spec.kind === 'distinct') return Math.min(new Set(inside.map((one) => one.member)).size, spec.exactTo);
    const accounts = new Set(inside.map((one) => one.account));
    return [...accounts].filter((account) => this.labels.get(account)?.label === spec.of).length;
  }
}
