import type { CheckedExpression } from '../expression/checked-expression.js';
import type { EventType, ObservedType } from '../model/event-type.js';
import type { FeatureSpec } from '../model/feature.js';
import type { NamedList } from '../model/list.js';
import type { Policy } from '../model/policy.js';
import type { ReasonInfo } from '../model/reason.js';
import type { RuleHit, RuleInfo } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import type { Slots } from '../model/value.js';
import type { LinkSlots } from '../rings/plan-links.js';
import type { RuleLink } from './read-link.js';
import type { RuleDeclaration } from './rule-declaration.js';
import type { RuleScope } from './rule-scope.js';

export interface JudgeContext {
  readonly accountId: string;
  readonly now: Instant;
  /** Rules that a person or a verification has cleared for this account. */
  readonly clearedRules?: ReadonlySet<string> | undefined;
  /** Rules whose fuse has blown: they are shadow until someone looks. */
  readonly blownRules?: ReadonlySet<string> | undefined;
}

/** The rules that fired. */
export interface Judgement {
  readonly hits: readonly RuleHit[];
  /** Hits of rules that are evaluated and recorded, and change nothing. */
  readonly shadowHits: readonly RuleHit[];
  /** Rules whose condition is true, and that an exception or a clearance let pass; absent when there are none. */
  readonly excused?: readonly Excused[];
}

export interface Excused {
  readonly rule: string;
  /** Its place among the rule's exceptions; null: the rule was cleared for this account. */
  readonly exception: number | null;
}

/** What has to be written into the slots before rules of one event type can run. */
export interface EventNeeds {
  readonly signals: readonly { readonly name: string; readonly slot: number }[];
  /** Read by a rule of this type, or counted on it. The slot of a burst is that of its first member; the others follow it. */
  readonly features: readonly { readonly spec: FeatureSpec; readonly slot: number }[];
  /** Every declared link: an event of any type can carry what makes its key. */
  readonly links: LinkSlots;
  /** Inputs of the ring that a rule of this type reads. */
  readonly rings: readonly { readonly name: string; readonly slot: number }[];
}

/** All compiled rules with one version and hash. Immutable. */
export interface RuleSet {
  readonly version: string;
  /** `sha256:…` of everything it was made of. */
  readonly hash: string;
  readonly policy: Policy;
  readonly reasons: ReadonlyMap<string, ReasonInfo>;
  readonly lists: ReadonlyMap<string, NamedList>;
  readonly features: readonly FeatureSpec[];
  readonly links: readonly RuleLink[];
  readonly rules: readonly RuleInfo[];
  /** With conditions, exceptions, tests and fuses; parallel to `rules`. */
  readonly declarations: readonly RuleDeclaration[];
  readonly predicates: ReadonlyMap<string, CheckedExpression>;
  readonly scope: RuleScope;
  /** Signals, then features (of a burst its members), then what is read of a ring: the slot is the index. */
  readonly names: readonly string[];
  slotOf(name: string): number | undefined;
  newSlots(): Slots;
  needs(type: ObservedType): EventNeeds;
  judge(type: EventType, slots: Slots, context: JudgeContext): Judgement;
  /** The rules of this type that are not off; `settle` numbers them by their place here. */
  running(type: EventType): readonly RuleDeclaration[];
  /** `judge` for rules whose conditions are known to be TRUE, in ascending order. */
  settle(type: EventType, fired: readonly number[], slots: Slots, context: JudgeContext): Judgement;
  /** One rule of `running` by itself; undefined is unknown. For samples: slower than judging all of them together. */
  probe(type: EventType, index: number, slots: Slots): boolean | undefined;
  /** Inputs that live rules of this type read and that have no value, sorted. */
  unknownInputs(type: EventType, slots: Slots): string[];
  /** The names of the links that count for an event with these slots: without a condition, or with one that is TRUE. */
  countingLinks(slots: Slots): ReadonlySet<string>;
}
