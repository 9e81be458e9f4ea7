import type { Node } from '../../expression/checked-expression.js';
import { childrenOf } from '../../expression/walk-node.js';
import type { EventType } from '../../model/event-type.js';
import type { Steps } from '../../model/steps.js';
import { featureKindRegistry, mostExact } from '../feature-kinds.js';
import type { ProblemSink } from '../problem-sink.js';
import { rangeText } from '../read-tests.js';
import { claimOf } from './claim.js';
import { inputRooms } from './input-rooms.js';
import type { LintInput } from './lint.js';
import { isNever, type RoomOf } from './prove.js';
import { oneOfRoom } from './room.js';
import { type Site, sitesOf } from './sites.js';

/** As many events stores keep one by one of each count, whatever its author says. */
const alwaysExact = featureKindRegistry.find(({ kind }) => kind === 'count')?.exactTo ?? 0;

interface Looking {
  readonly site: Site;
  /** Counts of events by name: how far each is exact. */
  readonly exactTo: ReadonlyMap<string, number>;
  readonly roomOf: RoomOf;
  readonly sink: ProblemSink;
}

/**
 * Conditions and parts of them that are never true, or true for every value: comparisons that exclude each other or leave
 * nothing out, thresholds that an input cannot reach, or reaches as an estimate only. Only what can be proven is told, so that
 * every warning is right.
 */
export function* truthLints(input: LintInput, sink: ProblemSink): Steps<void> {
  const { features } = input.ruleSet;
  // Whoever is judged again, or only simulated, is not counted: a count can be 0 also on events that it counts.
  const anywhere = inputRooms(features);
  const counts = features.filter(({ kind }) => kind === 'count');
  const exactTo = new Map(counts.map((spec) => [spec.name, Math.max(spec.exactTo, alwaysExact)]));
  for (const site of sitesOf(input)) {
    // A condition that reads nothing has a warning of its own.
    if (site.expression.reads.length === 0) continue;
    const types = site.rule?.info.on ?? [];
    const roomOf = types.length === 0 ? anywhere : withTypes(anywhere, types);
    look(site.expression.ast, { site, sink, exactTo, roomOf });
    yield;
  }
}

/** What inputs can be on events of these types, of which the type is one. */
function withTypes(rooms: RoomOf, types: readonly EventType[]): RoomOf {
  const typeRoom = oneOfRoom(types);
  return (input) => (input.name === 'event.type' ? typeRoom : rooms(input));
}

/** The outermost part that is always the same, unless one of its operands alone makes it so. */
function look(node: Node, looking: Looking): void {
  const result = constantResult(node, looking.roomOf);
  const isOwn = result !== undefined && !isJoined(node, (part) => constantResult(part, looking.roomOf) === result);
  if (isOwn && result) warnAlways(node, looking);
  else if (isOwn) warnNever(node, looking);
  else if (isEstimated(node, looking)) warnEstimated(node, looking);
  else for (const child of childrenOf(node)) look(child, looking);
}

/** What a condition comes to whatever its inputs are; undefined when that cannot be proven. */
function constantResult(node: Node, roomOf: RoomOf): boolean | undefined {
  if (node.type !== 'boolean' || ['literal', 'predicate', 'input'].includes(node.kind)) return undefined;
  if (isNever(claimOf(node, true), roomOf)) return false;
  return isNever(claimOf(node, false), roomOf) ? true : undefined;
}

const isJoined = (node: Node, holds: (part: Node) => boolean): boolean =>
  (node.kind === 'and' || node.kind === 'or') && node.operands.some(holds);

function warnNever(node: Node, looking: Looking): void {
  const { site, sink, roomOf } = looking;
  const rule = site.rule?.info.id;
  const one = comparedInput(node);
  if (node.kind === 'in_items' && node.items.length === 0)
    sink.warn('W043', site.place(node), 'nothing is in an empty list: this is never true', { rule });
  else if (one !== undefined) warnUnreachable(node, one, looking);
  else {
    const name = clashingInput(node, roomOf);
    const because = `${name === undefined ? 'its parts' : `its comparisons of '${name}'`} exclude each other`;
    if (site.isCondition && node === site.expression.ast)
      sink.warn('W018', site.place(node), `the rule can never fire: ${because}`, { rule });
    else sink.warn('W043', site.place(node), `this is never true: ${because}`, { rule });
  }
}

/** The input of a comparison with a constant. */
function comparedInput(node: Node) {
  const claim = node.kind === 'compare' || node.kind === 'in_items' ? claimOf(node, true) : undefined;
  return claim?.kind === 'room' ? claim.input : undefined;
}

type Compared = NonNullable<ReturnType<typeof comparedInput>>;

function warnUnreachable(node: Node, input: Compared, { site, sink, roomOf }: Looking): void {
  const { low, high, whole } = roomOf(input);
  const isBounded = Number.isFinite(low) || Number.isFinite(high);
  const what = isBounded
    ? `is ${whole ? 'a whole number, ' : ''}${rangeText([low, high])}`
    : 'has none of these values';
  if (input.name === 'event.type' && site.rule !== undefined) {
    const message = `the rule is for ${site.rule.info.on.join(' and ')} only: this is never true`;
    sink.warn('W007', site.place(node), message, { rule: site.rule.info.id, hint: "'on' of the rule says for which" });
    return;
  }
  const hint =
    Number.isFinite(high) && whole && !input.name.includes('.')
      ? 'exact_to in the feature says how far it counts'
      : undefined;
  sink.warn('W007', site.place(node), `'${input.name}' ${what}: this is never true`, {
    hint,
    rule: site.rule?.info.id,
  });
}

/** The number that an input is compared with. */
function thresholdOf(node: Node): number | undefined {
  const claim = node.kind === 'compare' ? claimOf(node, true) : undefined;
  if (claim?.kind !== 'room') return undefined;
  const { low, high } = claim.room;
  return [low, high].find(Number.isFinite);
}

/** Is a count compared with more than it is exact to, where it could be exact? Of more than that an estimate is all there is. */
function isEstimated(node: Node, { exactTo }: Looking): boolean {
  const exact = exactTo.get(comparedInput(node)?.name ?? '');
  const threshold = thresholdOf(node) ?? 0;
  return exact !== undefined && threshold > exact && threshold <= mostExact;
}

function warnEstimated(node: Node, { site, sink, exactTo }: Looking): void {
  const name = comparedInput(node)?.name ?? '';
  sink.warn('W007', site.place(node), `'${name}' is exact to ${exactTo.get(name)}, above that an estimate`, {
    hint: `exact_to: ${Math.ceil(thresholdOf(node) ?? 0)} in the feature keeps it exact`,
    rule: site.rule?.info.id,
  });
}

/** Of a conjunction: the input whose comparisons alone exclude each other. */
function clashingInput(node: Node, roomOf: RoomOf): string | undefined {
  if (node.kind !== 'and') return undefined;
  const names = new Set(node.operands.flatMap((operand) => comparedInput(operand)?.name ?? []));
  return [...names].find((name) => {
    const parts = node.operands.filter((operand) => comparedInput(operand)?.name === name);
    return isNever({ kind: 'all', parts: parts.map((part) => claimOf(part, true)) }, roomOf);
  });
}

function warnAlways(node: Node, { site, sink }: Looking): void {
  const input = comparedInput(node);
  const hint =
    input === undefined || !input.optional ? undefined : `whether it is there is asked with has(${input.name})`;
  const message =
    input === undefined
      ? 'this leaves nothing out: it is true for every value'
      : `this is true for every value of '${input.name}'`;
  sink.warn('W033', site.place(node), message, { hint, rule: site.rule?.info.id });
}
