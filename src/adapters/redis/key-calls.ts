import type { FeatureLookup, FeatureRequest } from '../../features/feature-store.js';
import { lifetimeOf, shortHash } from '../../features/key-calls.js';
import { isLogged, type LoggedKind } from '../../features/logged-kind.js';
import type { FeatureSpec } from '../../model/feature.js';
import { digestOf } from './digest.js';

/** What the script observe-keys is told of one key; see there. */
export interface KeyCall {
  readonly key: string;
  readonly layout: string;
  readonly plan: string;
  readonly tail: string;
  /** Which of the request's lookups it answers, in its order. */
  readonly positions: readonly number[];
  /** An account's label has to reach this key later. */
  readonly labelled: boolean;
  readonly lifetimeMs: number;
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
export const shortLength = 10;
const noMember = ' '.repeat(shortLength);
const letters: Readonly<Record<LoggedKind, string>> = { count: 'c', distinct: 'd', labelled: 'l', age: 'a' };

function idOf(spec: FeatureSpec): string {
  const id = spec.id.slice(spec.id.lastIndexOf(':') + 1, spec.id.lastIndexOf(':') + 9);
  return /^\w+$/.test(id) ? id.padEnd(8, '_') : digestOf(spec.id).slice(0, 8);
}

function describe(spec: FeatureSpec, kind: LoggedKind): SpecText {
  const name = `${idOf(spec)}${letters[kind]}`;
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
  const short = shortHash(member);
  if (short.length === shortLength && /^[!-~]*$/.test(short)) return short;
  return /^[!-~]+$/.test(short) ? short.padEnd(shortLength) : digestOf(short);
}

class CallBuilder implements KeyCall {
  readonly positions: number[] = [];
  layout = '';
  labelled = false;
  lifetimeMs = 0;
  private specs = '';
  private marks = '';
  private members = '';
  private memberColumns = 0;
  private counts = false;
  /** Every feature counts the event and none is an age: on a new key it sees itself alone. */
  private isSimple = true;
  private first = '';

  constructor(
    readonly key: string,
    private readonly account: string,
  ) {}

  get plan(): string {
    return `${this.counts ? 1 : 0}${this.lifetimeMs}:${this.memberColumns}:${this.isSimple ? this.first : ''};${this.specs}`;
  }

  /** Empty when no feature counts the event. */
  get tail(): string {
    return this.marks.includes('1') ? this.marks + this.members : '';
  }

  add({ spec, counts, member }: FeatureLookup, kind: LoggedKind, position: number): void {
    const text = textOf(spec, kind);
    this.positions.push(position);
    this.layout += text.column;
    this.specs += counts ? text.counting : text.reading;
    if (text.lifetimeMs > this.lifetimeMs) this.lifetimeMs = text.lifetimeMs;
    if (counts) this.counts = true;
    if (!counts || text.kind === 'age' || (text.kind === 'distinct' && member === undefined)) this.isSimple = false;
    if (text.kind === 'age') return;
    // Nobody's label has come to a new key.
    const alone = text.kind === 'labelled' ? '0' : '1';
    this.first = this.first === '' ? alone : `${this.first} ${alone}`;
    if (text.kind === 'count') this.marks += counts ? '1' : '0';
    else if (text.kind === 'labelled') this.addMember(counts ? this.account : undefined);
    else this.addMember(counts && member !== undefined ? memberOf(member) : undefined);
    if (text.kind === 'labelled' && counts) this.labelled = true;
  }

  private addMember(member: string | undefined): void {
    this.memberColumns++;
    this.marks += member === undefined ? '0' : '1';
    this.members += member ?? noMember;
  }
}

/** What logs of events answer of the request, key by key. */
export function keyCalls({ lookups }: FeatureRequest, account: string): readonly KeyCall[] {
  const calls = new Map<string, CallBuilder>();
  let call: CallBuilder | undefined;
  lookups.forEach((lookup, position) => {
    const { kind } = lookup.spec;
    if (!isLogged(kind)) return;
    if (call === undefined || call.key !== lookup.key) {
      call = calls.get(lookup.key) ?? new CallBuilder(lookup.key, account);
      calls.set(lookup.key, call);
    }
    call.add(lookup, kind, position);
  });
  return [...calls.values()];
}
