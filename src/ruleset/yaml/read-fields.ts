import { meantDuration } from '../../model/meant-duration.js';
import { parseDurationSeconds } from '../../model/time.js';
import type { RuleErrorCode } from '../problem-codes.js';
import type { Located, ProblemSink } from '../problem-sink.js';
import { didYouMean, meantNames } from './other-words.js';
import { describeNode, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from './yaml-node.js';

interface Shape {
  /** What the map is, in words: "a rule". */
  readonly what: string;
  readonly known: readonly string[];
  readonly required?: readonly string[];
}

/** Other than those that end and indent lines. */
const control = /[^\P{Cc}\t\r\n]/u;

/** Reads nodes into values; what does not fit is reported with its place and read as undefined. */
export class FieldReader {
  constructor(
    readonly sink: ProblemSink,
    readonly rule?: string,
  ) {}

  error(code: RuleErrorCode, at: Located, message: string, hint?: string): undefined {
    this.sink.error(code, at, message, { hint, rule: this.rule });
  }

  /** A map with known keys only. */
  map(node: YamlNode, shape: Shape): ReadonlyMap<string, YamlNode> | undefined {
    const entries = this.entries(node, shape.what);
    if (entries === undefined) return undefined;
    const fields = new Map(
      entries.filter(({ key }) => shape.known.includes(key.text)).map(({ key, value }) => [key.text, value]),
    );
    const excused = new Set<string>();
    for (const [index, entry] of entries.entries()) {
      if (shape.known.includes(entry.key.text)) continue;
      const before = entries[index - 1];
      if (before !== undefined && isCutOff(entry, shape.known) && gluedKey(entry, shape, fields) === undefined)
        this.#cutValue(before, entry, { shape, fields });
      else this.#unknownKey(entry, shape, { fields, excused });
    }
    for (const name of shape.required ?? [])
      if (!fields.has(name) && !excused.has(name)) this.error('E011', headOf(node), `${shape.what} needs '${name}'`);
    return fields;
  }

  /** What is left of a value is not looked at; after several commas the first is told. */
  #cutValue(
    before: YamlEntry,
    { key }: YamlEntry,
    { shape, fields }: { shape: Shape; fields: Map<string, YamlNode> },
  ): void {
    if (isCutOff(before, shape.known)) return;
    const hint = 'a comma ends the value before it: put the whole text in quotes';
    this.error('E010', key, `unknown key '${key.text}' in ${shape.what}`, hint);
    if (fields.has(before.key.text)) fields.set(before.key.text, { ...before.value, isRefused: true });
  }

  /** What was meant is read under its right name: one slip is one error. */
  #unknownKey(
    { key, value }: YamlEntry,
    { what, known }: Shape,
    { fields, excused }: { fields: Map<string, YamlNode>; excused: Set<string> },
  ): void {
    const glued = gluedKey({ key, value }, { known }, fields);
    if (glued !== undefined) {
      const rest = key.text.slice(glued.length).replace(/^:?\s*/, '');
      this.error('E010', key, `unknown key '${key.text}' in ${what}`, `did you mean '${glued}: ${rest}'?`);
      excused.add(glued);
      return;
    }
    this.error(
      'E010',
      key,
      `unknown key '${key.text}' in ${what}`,
      didYouMean(key.text, known) ?? `one of ${known.join(', ')}`,
    );
    const [meant] = meantNames(key.text, known);
    if (meant !== undefined && !fields.has(meant) && meant !== 'mode') fields.set(meant, value);
  }

  /** A map whose keys are names of the author's own. */
  entries(node: YamlNode, what: string): readonly YamlEntry[] | undefined {
    if (node.kind === 'map') return [...node.entries.values()];
    if (node.isRefused === true) return undefined;
    return this.error('E012', node, `expected ${what} as a map, not ${describeNode(node)}`);
  }

  list(node: YamlNode, what: string): readonly YamlNode[] | undefined {
    if (node.kind === 'list') return node.items;
    if (node.isRefused === true) return undefined;
    return this.error('E012', node, `expected ${what} as a list, not ${describeNode(node)}`, listHint(node));
  }

  scalar(node: YamlNode, what: string): YamlScalar | undefined {
    if (node.isRefused === true) return undefined;
    if (node.kind === 'scalar' && node.value !== null) return node;
    return this.error('E012', node, `expected ${what}, not ${describeNode(node)}`);
  }

  text(node: YamlNode, what: string): string | undefined {
    const scalar = this.scalar(node, what);
    if (scalar === undefined) return undefined;
    if (typeof scalar.value !== 'string')
      return this.error(
        'E012',
        node,
        `expected ${what}, not ${describeNode(node)}`,
        `in quotes it is text: '${scalar.text}'`,
      );
    if (scalar.value.trim() === '') return this.error('E012', node, `expected ${what}, not an empty text`);
    if (scalar.value.includes('\0')) return this.error('E008', node, 'the text holds a NUL character');
    if (control.test(scalar.value))
      return this.error('E012', node, `${what} has no control characters, and this holds one`);
    return scalar.value;
  }

  number(node: YamlNode, what: string, [least, most]: readonly [number, number]): number | undefined {
    const wanted = `a number for ${what}`;
    const scalar = this.scalar(node, wanted);
    if (scalar === undefined) return undefined;
    if (typeof scalar.value !== 'number')
      return this.error('E012', node, `expected ${wanted}, not ${describeNode(node)}`, bareNumber(scalar.text));
    if (scalar.value >= least && scalar.value <= most) return scalar.value;
    return this.error('E014', node, `${what} is ${least} to ${most}, not ${scalar.text}`);
  }

  wholeNumber(node: YamlNode, what: string, bounds: readonly [number, number]): number | undefined {
    const value = this.number(node, what, bounds);
    if (value === undefined || Number.isInteger(value)) return value;
    return this.error('E014', node, `${what} is a whole number, not ${value}`);
  }

  oneOf<T extends string>(node: YamlNode, what: string, allowed: readonly T[]): T | undefined {
    const scalar = this.scalar(node, `${what} (${allowed.join(', ')})`);
    if (scalar === undefined) return undefined;
    const found = allowed.find((name) => name === scalar.text);
    if (found !== undefined) return found;
    const [only, ...others] = allowed;
    const alone = others.length === 0 ? `did you mean '${only}'?` : `one of ${allowed.join(', ')}`;
    const hint = didYouMean(scalar.text, allowed) ?? alone;
    return this.error('E013', node, `'${scalar.text}' is no ${what}`, hint);
  }

  /** A list, each of its values once; `least` 1 by default. */
  manyOf<T extends string>(node: YamlNode, what: string, allowed: readonly T[]): readonly T[] | undefined {
    const items = this.list(node, `${what}s`);
    if (items === undefined) return undefined;
    if (items.length === 0) return this.error('E019', node, `name at least one ${what}`);
    const found: T[] = [];
    for (const item of items) {
      const value = this.oneOf(item, what, allowed);
      if (value === undefined) continue;
      if (found.includes(value)) this.error('E019', item, `'${value}' stands twice`);
      else found.push(value);
    }
    return found;
  }

  /** Milliseconds. */
  duration(node: YamlNode, what: string): number | undefined {
    const scalar = this.scalar(node, `${what} such as 10m`);
    if (scalar === undefined) return undefined;
    const seconds = parseDurationSeconds(scalar.text);
    if (seconds !== undefined && seconds > 0 && seconds <= longestSeconds) return seconds * 1000;
    const isTooLong = /^\d{10,}[smhdw]$/.test(scalar.text);
    if (seconds !== undefined || isTooLong)
      return this.error('E015', node, `${what} is 1s to 3650d, not ${scalar.text}`);
    return this.error(
      'E015',
      node,
      `'${scalar.text}' is no duration`,
      didYouWrite(meantDuration(scalar.text)) ?? 'a whole number and s, m, h, d or w: 90s, 10m, 24h, 30d, 2w',
    );
  }

  /** `5%` to 0.05. `usual`: what it is mostly near to, which tells what was meant by a number below 1. */
  share(node: YamlNode, what: string, usual = 1): number | undefined {
    const scalar = this.scalar(node, `${what} such as 5%`);
    if (scalar === undefined) return undefined;
    const percent = /^(\d{1,3}(?:\.\d{1,6})?)\s?%$/.exec(scalar.text)?.[1];
    if (percent !== undefined && Number(percent) <= 100) return Number(percent) / 100;
    return this.error('E016', node, `'${scalar.text}' is no share`, shareHint(scalar.text, usual));
  }

  /** The first instant of a day in UTC. */
  date(node: YamlNode, what: string): number | undefined {
    const scalar = this.scalar(node, `${what} such as 2027-01-01`);
    if (scalar === undefined) return undefined;
    const at = /^\d{4}-\d{2}-\d{2}$/.test(scalar.text) ? Date.parse(`${scalar.text}T00:00:00Z`) : Number.NaN;
    // Date.parse rolls 30 February over on some engines: the date must come back as written.
    if (Number.isFinite(at) && new Date(at).toISOString().startsWith(scalar.text)) return at;
    return this.error('E017', node, `'${scalar.text}' is no date`, 'year-month-day: 2027-01-01');
  }
}

/** A number between quotes. */
const bareNumber = (text: string): string | undefined =>
  /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/.test(text)
    ? `did you mean '${text}'? it is written without quotes`
    : undefined;

const longestSeconds = 3650 * 86_400;

const didYouWrite = (meant: string | undefined): string | undefined =>
  meant === undefined ? undefined : `did you mean '${meant}'?`;

/**
 * A number below 1 is a part of one, as most programs write shares, unless that is farther from the usual than the number
 * in per cent; of others the sign was left out.
 */
function shareHint(text: string, usual: number): string {
  const number = /^\d{1,3}(?:[.,]\d{1,8})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
  const isPart = number < 1 && number <= usual * 10;
  const percent = isPart ? Number((number * 100).toPrecision(8)) : number;
  if (percent > 0 && percent <= 100) return `did you mean '${percent}%'?`;
  return '0% to 100%, with its sign: 5%, 0.5%';
}

const isNothing = (node: YamlNode): boolean => node.kind === 'scalar' && node.value === null;

/** The key in `when:hidden` and `when hidden`, where there is no other of its name. */
function gluedKey(
  { key, value }: YamlEntry,
  { known }: Pick<Shape, 'known'>,
  fields: ReadonlyMap<string, YamlNode>,
): string | undefined {
  const [, word] = (isNothing(value) && /^([^:\s]+)(?::\S|\s)/.exec(key.text)) || [];
  return word !== undefined && known.includes(word) && !fields.has(word) ? word : undefined;
}

/** In `{ name: one, two, … }` a comma ends the value, and `two` is a key without one. */
const isCutOff = ({ key, value }: YamlEntry, known: readonly string[]): boolean =>
  isNothing(value) &&
  !/^\s*:/.test(key.file.text.slice(key.end, key.end + 20)) &&
  !known.includes(key.text) &&
  didYouMean(key.text, known) === undefined;

export { didYouMean };

function listHint(node: YamlNode): string | undefined {
  if (node.kind === 'scalar') return node.value === null ? undefined : `in brackets: [${node.text}]`;
  const [first] = node.kind === 'map' ? node.entries.keys() : [];
  return first === undefined ? undefined : `begin each item with a dash: - ${first}: …`;
}

/** What is missing is shown at the first key of the map. */
function headOf(node: YamlMap | YamlNode): Located {
  if (node.kind !== 'map') return node;
  const [first] = node.entries.values();
  return first === undefined ? node : first.key;
}
