import { lifetimeOf } from '../../features/feature-lifetime.js';
import type { FeatureLookup, FeatureRequest } from '../../features/feature-store.js';
import { isLogged, type LoggedKind } from '../../features/logged-kind.js';
import type { FeatureSpec } from '../../model/feature.js';
import { digestOf, refOf, shortHash } from './digest.js';
import { lifetimeLetter, tagOf } from './entry-name.js';

/** What the script observe-keys is told of one key; see there. */
export interface RedisKeyCall {
  readonly tag: string;
  readonly layout: string;
  readonly plan: string;
  readonly tail: string;
  readonly small: string;
  /** Which of the request's lookups it answers, in its order. */
  readonly positions: readonly number[];
  /** Lookups that have the answers of others, because they are defined alike. */
  readonly twins: readonly Twin[];
  /** An account's label has to reach this key later. */
  readonly labelled: boolean;
  readonly lifetimeMs: number;
}

/** A lookup under another name: the script is asked once, because a key's log counts each definition once. */
interface Twin {
  readonly position: number;
  /** Of the lookup that is asked. */
  readonly of: number;
}

/** The part of a call that is the same for every event. */
interface SpecText {
  /** Empty for an age. */
  readonly column: string;
  readonly counting: string;
  readonly reading: string;
  readonly kind: LoggedKind;
  readonly lifetimeMs: number;
}

/** A short hash, as the script cuts records: exactly this many bytes. */
const shortLength = 8;
const noMember = ' '.repeat(shortLength);
const letters: Readonly<Record<LoggedKind, string>> = { count: 'c', distinct: 'd', labelled: 'l', age: 'a' };
/** Bits of a byte that stays one byte on its way to Redis. */
const mostSmallColumns = 7;

function describe(spec: FeatureSpec, kind: LoggedKind): SpecText {
  const name = `${digestOf(spec.id).slice(0, 4)}${letters[kind]}`;
  const rest = `${spec.windowMs ?? 0}:${spec.exactTo}:${spec.of};`;
  return {
    column: spec.kind === 'age' ? '' : name,
    counting: `${name}1${rest}`,
    reading: `${name}0${rest}`,
    kind,
    lifetimeMs: lifetimeOf(spec),
  };
}

/** Specs live as long as their rule set. */
const described = new WeakMap<FeatureSpec, SpecText>();

function textOf(spec: FeatureSpec, kind: LoggedKind): SpecText {
  const known = described.get(spec);
  if (known !== undefined) return known;
  const text = describe(spec, kind);
  described.set(spec, text);
  return text;
}

function memberOf(member: string): string {
  const short = shortHash(member).slice(0, shortLength);
  if (short.length === shortLength && /^[!-~]*$/.test(short)) return short;
  return /^[!-~]+$/.test(short) ? short.padEnd(shortLength) : refOf(member);
}

class CallBuilder implements RedisKeyCall {
  readonly positions: number[] = [];
  readonly twins: Twin[] = [];
  layout = '';
  labelled = false;
  lifetimeMs = 0;
  /** Of the features, in the order of the positions. */
  private readonly ids: string[] = [];
  private specs = '';
  private marks = '';
  private members = '';
  private memberColumns = 0;
  private counts = false;
  /** Every feature counts the event and none is an age: on a new key it sees itself alone. */
  private isSimple = true;
  private first = '';

  private smallMarks = 0;
  private sameMembers = 0;
  private smallMembers = '';
  private lastMember = noMember;

  constructor(
    readonly tag: string,
    private readonly account: string,
  ) {}

  get plan(): string {
    return `${this.counts ? 1 : 0}${lifetimeLetter(this.lifetimeMs)}${this.lifetimeMs}:${this.memberColumns}:${this.isSimple ? this.first : ''};${this.specs}`;
  }

  /** Empty when no feature counts the event. */
  get tail(): string {
    return this.smallMarks === 0 ? '' : this.marks + this.members;
  }

  /** The same for a small log; empty also where there are too many columns. */
  get small(): string {
    if (this.smallMarks === 0 || this.marks.length > mostSmallColumns) return '';
    const same = this.memberColumns > 0 ? String.fromCharCode(this.sameMembers) : '';
    return String.fromCharCode(this.smallMarks) + same + this.smallMembers;
  }

  add({ spec, counts, member }: FeatureLookup, kind: LoggedKind, position: number): void {
    const known = this.ids.indexOf(spec.id);
    if (known >= 0) {
      this.twins.push({ position, of: this.positions[known] ?? position });
      return;
    }
    this.ids.push(spec.id);
    this.positions.push(position);
    const text = textOf(spec, kind);
    this.layout += text.column;
    this.specs += counts ? text.counting : text.reading;
    if (text.lifetimeMs > this.lifetimeMs) this.lifetimeMs = text.lifetimeMs;
    if (counts) this.counts = true;
    if (!counts || text.kind === 'age' || (text.kind === 'distinct' && member === undefined)) this.isSimple = false;
    if (text.kind === 'age') return;
    // Nobody's label has come to a new key.
    const alone = text.kind === 'labelled' ? '0' : '1';
    this.first = this.first === '' ? alone : `${this.first} ${alone}`;
    if (text.kind === 'count') this.mark(counts);
    else if (text.kind === 'labelled') this.addMember(counts ? this.account : undefined);
    else this.addMember(counts && member !== undefined ? memberOf(member) : undefined);
    if (text.kind === 'labelled' && counts) this.labelled = true;
  }

  private addMember(member: string | undefined): void {
    this.memberColumns++;
    if (member !== undefined && member === this.lastMember) this.sameMembers += 2 ** this.marks.length;
    else this.smallMembers += member ?? '';
    this.lastMember = member ?? this.lastMember;
    this.mark(member !== undefined);
    this.members += member ?? noMember;
  }

  private mark(isCounted: boolean): void {
    if (isCounted) this.smallMarks += 2 ** this.marks.length;
    this.marks += isCounted ? '1' : '0';
  }
}

/** What logs of events answer of the request, key by key. */
export function keyCalls({ lookups }: FeatureRequest, account: string): readonly RedisKeyCall[] {
  const calls = new Map<string, CallBuilder>();
  let call: CallBuilder | undefined;
  let key: string | undefined;
  lookups.forEach((lookup, position) => {
    const { kind } = lookup.spec;
    if (!isLogged(kind)) return;
    if (call === undefined || key !== lookup.key) {
      key = lookup.key;
      call = calls.get(key) ?? new CallBuilder(tagOf(key), account);
      calls.set(key, call);
    }
    call.add(lookup, kind, position);
  });
  return [...calls.values()];
}
