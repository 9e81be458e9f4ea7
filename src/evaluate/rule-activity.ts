import type { Decided } from '../decisions/decide.js';
import type { EventType } from '../model/event-type.js';
import type { Outcome, RuleInfo } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import type { Slots } from '../model/value.js';
import { type BlownFuse, FuseBox } from '../ruleset/fuse-box.js';
import type { RuleDeclaration } from '../ruleset/rule-declaration.js';
import { featureIdsOf, ruleDefinition } from '../ruleset/rule-definition.js';
import type { Judgement, RuleSet } from '../ruleset/rule-set.js';
import { type CountName, hourMs } from './rule-counts.js';
import type { RecordedFuse, RuleState } from './rule-ledger.js';
import { RuleSampler } from './rule-sampler.js';
import { type Drained, RuleTally } from './rule-tally.js';

export interface RuleActivityListener {
  ruleHit(rule: string, mode: 'live' | 'shadow'): void;
  fuseBlown(blown: BlownFuse): void;
}

/** One judged event. */
interface JudgedEvent {
  readonly type: EventType;
  readonly accountId: string;
  readonly slots: Slots;
  readonly findings: Judgement;
  readonly decided: Decided;
  readonly at: Instant;
}

/** What the rules of one loaded set have done so far: beside the rule set, which never changes. */
export class RuleActivity {
  private readonly hits = new Map<string, number>();
  private readonly fuses: FuseBox;
  private readonly tally: RuleTally | undefined;
  private readonly sampler: RuleSampler | undefined;
  private readonly definitions = new Map<string, string>();
  private byId: ReadonlyMap<string, RuleDeclaration> | undefined;
  private featureIds: ReadonlyMap<string, string> | undefined;
  private unrecorded: BlownFuse[] = [];

  /** `elapsed`: milliseconds. Without it only hits and fuses are counted: nobody takes the rest of a replay. */
  constructor(
    private readonly ruleSet: RuleSet,
    private readonly listener: RuleActivityListener,
    elapsed?: () => number,
  ) {
    this.fuses = new FuseBox(ruleSet.declarations, (blown) => {
      this.unrecorded.push(blown);
      listener.fuseBlown(blown);
    });
    if (elapsed === undefined) return;
    this.tally = new RuleTally((rule) => this.definitionOf(rule));
    this.sampler = new RuleSampler(ruleSet, elapsed);
  }

  get blownRules(): ReadonlySet<string> {
    return this.fuses.blown;
  }

  /** Since this process loaded the rule set. */
  hitsOf(rule: string): number {
    return this.hits.get(rule) ?? 0;
  }

  /** Made when it is asked for: not everybody asks. */
  definitionOf(rule: string): string {
    const known = this.definitions.get(rule);
    if (known !== undefined) return known;
    this.featureIds ??= featureIdsOf(this.ruleSet);
    this.byId ??= new Map(this.ruleSet.declarations.map((one) => [one.info.id, one]));
    const declaration = this.byId.get(rule);
    const made = declaration === undefined ? '' : ruleDefinition(declaration, this.featureIds);
    this.definitions.set(rule, made);
    return made;
  }

  /** Makes all definitions, some at a time: of a thousand rules they take longer than a request should wait. */
  async define(breathe: () => Promise<void>): Promise<void> {
    for (const [index, { id }] of this.ruleSet.rules.entries()) {
      this.definitionOf(id);
      if (index % definedAtOnce === definedAtOnce - 1) await breathe();
    }
  }

  record(event: JudgedEvent): void {
    const { hits, shadowHits } = event.findings;
    for (const hit of hits) this.hit(hit.rule, 'live');
    for (const hit of shadowHits) this.hit(hit.rule, 'shadow');
    if (this.tally !== undefined) this.count(event, this.tally);
    if (!this.fuses.watches(event.type)) return;
    this.fuses.record(event.type, new Set([...hits, ...shadowHits].map(({ rule }) => rule.id)), event.at);
  }

  /** All that was counted since the last time. */
  drain(): Drained {
    return this.tally?.drain(this.ruleSet.rules) ?? { rules: [], exceptions: [], accounts: [] };
  }

  /** Fuses that have blown here since the last time. */
  takeBlown(instance: string): readonly RecordedFuse[] {
    const blown = this.unrecorded;
    this.unrecorded = [];
    return blown.map((fuse) => ({ ...fuse, definition: this.definitionOf(fuse.rule), instance }));
  }

  /** What the truth says is blown, on any instance; all other fuses are whole. */
  follow(blown: readonly Pick<RecordedFuse, 'rule' | 'definition'>[]): void {
    const here = new Set(this.unrecorded.map(({ rule }) => rule));
    for (const { rule, definition } of blown) if (this.definitionOf(rule) === definition) here.add(rule);
    this.fuses.follow(here);
  }

  states(): readonly RuleState[] {
    return this.ruleSet.rules.map(({ id, mode }) => ({
      rule: id,
      definition: this.definitionOf(id),
      mode: modeText(mode),
    }));
  }

  private count({ type, accountId, slots, findings, decided, at }: JudgedEvent, tally: RuleTally): void {
    tally.event(type, accountId, Math.floor(at / hourMs) * hourMs);
    const outcome = decided.reported?.outcome ?? decided.outcome;
    for (const { rule } of findings.hits) {
      tally.fired(rule.id, 'live', at);
      tally.add(rule.id, countOf[outcome]);
    }
    for (const [index, { rule }] of findings.shadowHits.entries()) {
      const would = decided.shadow[index]?.outcome ?? outcome;
      tally.fired(rule.id, this.whyShadow(rule), at);
      tally.add(rule.id, wouldCountOf[would]);
      if (would !== outcome) tally.add(rule.id, 'wouldChange');
    }
    for (const { rule, exception } of findings.excused ?? []) tally.excused(rule, exception, at);
    this.sampler?.sample(type, slots, tally);
  }

  private whyShadow({ id, mode }: RuleInfo): CountName {
    if (mode === 'shadow') return 'shadow';
    return this.fuses.blown.has(id) ? 'blown' : 'outside';
  }

  private hit({ id }: RuleInfo, mode: 'live' | 'shadow'): void {
    this.hits.set(id, this.hitsOf(id) + 1);
    this.listener.ruleHit(id, mode);
  }
}

const definedAtOnce = 20;

export const modeText = (mode: RuleInfo['mode']): string =>
  typeof mode === 'string' ? mode : `rollout ${mode.rollout}`;

const countOf: Readonly<Record<Outcome, CountName>> = {
  allow: 'allowed',
  limit: 'limited',
  hold: 'held',
  deny: 'denied',
};

const wouldCountOf: Readonly<Record<Outcome, CountName>> = {
  allow: 'wouldAllow',
  limit: 'wouldLimit',
  hold: 'wouldHold',
  deny: 'wouldDeny',
};
