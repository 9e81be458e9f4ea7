import type { Node } from '../../expression/checked-expression.js';
import { nodesUnder } from '../../expression/walk-node.js';
import { ringInputs } from '../../model/ring.js';
import type { Steps } from '../../model/steps.js';
import { parseDurationSeconds } from '../../model/time.js';
import { signalCatalogue } from '../../signals/catalogue.js';
import type { ProblemSink } from '../problem-sink.js';
import type { Lint, LintInput } from './lint.js';
import { type Site, sitesOf } from './sites.js';

/** A bare number below it is more often days or hours than seconds. */
const doubtfulSeconds = 60;

/** What a number of one of these units is, in seconds. */
const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, h: 3600, d: 86_400 };

/** Units of numbers by the name that expressions read them by; most have none. */
function unitsIn({ features }: LintInput): ReadonlyMap<string, string> {
  const declared = [...signalCatalogue, ...ringInputs].flatMap(({ name, unit }): [string, string][] =>
    unit === undefined ? [] : [[name, unit.replace(/,.*$/, '')]],
  );
  const ages = features.filter(({ spec }) => spec.kind === 'age').map(({ spec }): [string, string] => [spec.name, 's']);
  return new Map([...declared, ...ages]);
}

interface Compared {
  readonly input: Extract<Node, { kind: 'input' }>;
  readonly at: Node;
  readonly value: number;
}

function comparedNumber(node: Node): Compared | undefined {
  if (node.kind !== 'compare') return undefined;
  for (const [input, at] of [
    [node.left, node.right],
    [node.right, node.left],
  ] as const)
    if (input.kind === 'input' && at.kind === 'literal' && typeof at.value === 'number')
      return { input, at, value: at.value };
  return undefined;
}

/** Numbers have no type of their own for time: what is compared with what is only said by units. */
export function* unitLints(input: LintInput, sink: ProblemSink): Steps<void> {
  const units = unitsIn(input);
  for (const site of sitesOf(input)) {
    for (const node of nodesUnder(site.expression.ast)) look(node, site, { units, sink });
    yield;
  }
}

function look(
  node: Node,
  site: Site,
  { units, sink }: { units: ReadonlyMap<string, string>; sink: ProblemSink },
): void {
  const compared = comparedNumber(node);
  if (compared === undefined) return;
  const { input, at, value } = compared;
  const [least, most] = input.info.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  // What can never be reached is told as that.
  if (value < least || value > most) return;
  const text = site.expression.text.slice(at.start, at.end);
  const found = slipOf({ name: input.info.name, unit: units.get(input.info.name), text, value });
  if (found !== undefined)
    sink.warn('W046', site.place(at), found.message, { hint: found.hint, rule: site.rule?.info.id });
}

interface Literal {
  readonly name: string;
  readonly unit: string | undefined;
  readonly text: string;
  readonly value: number;
}

function slipOf({ name, unit, text, value }: Literal): { message: string; hint: string } | undefined {
  const isDuration = parseDurationSeconds(text) !== undefined;
  // A name that ends in its unit leaves no doubt.
  if (unit === 's' && !name.endsWith('.seconds')) {
    if (isDuration || value <= 0 || value >= doubtfulSeconds) return undefined;
    return {
      message: `'${name}' counts seconds: this is ${text} s`,
      hint: `write the unit: ${text}s, ${text}m, ${text}h or ${text}d`,
    };
  }
  if (unit === 's' || !isDuration) return undefined;
  const own = unit === undefined ? undefined : unitSeconds[unit];
  const hint = own === undefined ? 'write a plain number' : `did you mean '${value / own}'?`;
  return {
    message: `'${text}' is ${value}, and '${name}' ${unit === undefined ? 'is no time' : `is in ${unit}`}`,
    hint,
  };
}

const windowIn = /_(\d{1,6}[smhdw])$/;

/** Who reads the rule believes the name. */
export const namedWindows: Lint = ({ features }, sink) => {
  for (const { spec, name } of features) {
    const said = windowIn.exec(spec.name)?.[1];
    const seconds = said === undefined ? undefined : parseDurationSeconds(said);
    if (seconds === undefined || spec.windowMs === undefined || seconds * 1000 === spec.windowMs) continue;
    sink.warn('W047', name, `'${spec.name}' does not count over ${said}`, {
      hint: `its window is ${shown(spec.windowMs)}`,
    });
  }
};

function shown(windowMs: number): string {
  const seconds = windowMs / 1000;
  const fitting = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ].find(([, size]) => seconds % Number(size) === 0);
  return fitting === undefined ? `${seconds}s` : `${seconds / Number(fitting[1])}${fitting[0]}`;
}
