import type { Label } from '../model/label.js';
import { labels } from '../model/label.js';
import type { Instant } from '../model/time.js';
import { parseDurationSeconds, parseInstant } from '../model/time.js';
import type { Located } from '../ruleset/problem-sink.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { FieldReader } from '../ruleset/yaml/read-fields.js';
import type { YamlMap, YamlNode } from '../ruleset/yaml/yaml-node.js';

/** One test being read. */
export interface TestReader {
  readonly fields: FieldReader;
  /** Undefined while the rules have errors: then what tests name of them is not looked at. */
  readonly ruleSet: RuleSet | undefined;
}

const timeForm = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Date.parse rolls 30 February over: a day must come back as written. */
function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}

/** A time of its own, or so long after `from`. */
export function readTime(node: YamlNode, { fields }: TestReader, from: Instant | undefined): Instant | undefined {
  const what = from === undefined ? 'a time' : 'a time or a duration';
  const scalar = fields.scalar(node, what);
  if (scalar === undefined) return undefined;
  const seconds = from === undefined ? undefined : parseDurationSeconds(scalar.text);
  if (from !== undefined && seconds !== undefined) return from + seconds * 1000;
  const at = timeForm.test(scalar.text) && isDay(scalar.text.slice(0, 10)) ? parseInstant(scalar.text) : undefined;
  if (at !== undefined) return at;
  const more = from === undefined ? '' : ', or 90s, 10m, 24h, 30d after the beginning';
  return fields.error('E045', node, `'${scalar.text}' is no time`, `2026-05-01T00:00:00Z${more}`);
}

/** Milliseconds, nothing included. */
export function readSpan(node: YamlNode, what: string, { fields }: TestReader): number | undefined {
  if (node.kind === 'scalar' && (node.text === '0' || node.text === '0s')) return 0;
  return fields.duration(node, what);
}

export const readLabel = (node: YamlNode, { fields }: TestReader): Label | undefined =>
  fields.oneOf(node, 'label', labels);

export function readCount(node: YamlNode | undefined, what: string, { fields }: TestReader): number {
  return (node === undefined ? undefined : fields.wholeNumber(node, what, [1, mostRepeats])) ?? 1;
}

/** A test is to be read by people and run in a moment. */
const mostRepeats = 5000;

/** What is missing is shown at the first key of the map. */
export const headOf = (node: YamlMap): Located => [...node.entries.values()][0]?.key ?? node;
