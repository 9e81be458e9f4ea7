import type { InputInfo } from '../../model/expression-scope.js';
import { outcomeRank } from '../../model/policy.js';
import type { Steps } from '../../model/steps.js';
import type { Located, ProblemSink } from '../problem-sink.js';
import type { RuleDeclaration } from '../rule-declaration.js';
import { type Claim, canonical, claimOf } from './claim.js';
import { inputRooms } from './input-rooms.js';
import { isAlwaysKnown } from './known-number.js';
import type { LintInput } from './lint.js';
import { implies, type RoomOf, roomsOf } from './prove.js';
import { isWithin, type Room } from './room.js';
import { type Site, sitesOf } from './sites.js';

interface Candidate {
  readonly rule: RuleDeclaration;
  readonly claim: Claim;
  /** Where it says nothing but rooms, which are quick to compare. */
  readonly rooms: ReadonlyMap<InputInfo, Room> | undefined;
  /** Names of its inputs. */
  readonly reads: string;
  readonly at: Located;
}

/**
 * A rule that fires whenever another does, over the same inputs, counts the same evidence twice. Only what follows from
 * the comparisons of one input with constants, and from parts that are written alike, is told.
 */
export function* impliedRules(input: LintInput, sink: ProblemSink): Steps<void> {
  const roomOf = inputRooms(input.ruleSet.features);
  const candidates: Candidate[] = [];
  for (const site of sitesOf(input)) {
    candidates.push(...candidateOf(site, roomOf));
    yield;
  }
  const readers = new Map<string, Candidate[]>();
  for (const candidate of candidates)
    readers.set(candidate.reads, [...(readers.get(candidate.reads) ?? []), candidate]);
  let proofs = 0;
  for (const alike of readers.values())
    for (const [index, narrow] of alike.entries()) {
      for (const [other, wide] of alike.entries()) {
        if (index === other || proofs > proofsMost) continue;
        proofs += narrow.rooms === undefined || wide.rooms === undefined ? slowProof : 1;
        compare(narrow, wide, { roomOf, sink, isLater: index > other });
        if (other % 256 === 255) yield;
      }
      yield;
    }
}

/** Thousands of rules over the same inputs are not compared to the last pair: a reload would wait for it. */
const proofsMost = 100_000;
/** A claim with choices or texts takes about that many times as long as one of rooms. */
const slowProof = 20;

function candidateOf({ rule, isCondition, expression, place }: Site, roomOf: RoomOf): readonly Candidate[] {
  if (rule === undefined || !isCondition || rule.info.mode === 'off' || expression.reads.length === 0) return [];
  const reads = expression.reads.map(({ name }) => name).sort();
  const claim = claimOf(expression.ast, true);
  const rooms = roomsOf(claim, roomOf);
  return [{ rule, claim, rooms, reads: reads.join(), at: place(expression.ast) }];
}

interface Comparing {
  readonly roomOf: RoomOf;
  readonly sink: ProblemSink;
  readonly isLater: boolean;
}

function compare(narrow: Candidate, wide: Candidate, { roomOf, sink, isLater }: Comparing): void {
  const [mine, theirs] = [narrow.rule.info, wide.rule.info];
  if (!mine.on.every((type) => theirs.on.includes(type)) || !follows(wide, narrow, roomOf)) return;
  if (follows(narrow, wide, roomOf)) {
    if (isLater || mine.on.length < theirs.on.length)
      sink.warn('W008', narrow.at, `the same condition as the rule '${theirs.id}'`, { rule: mine.id });
  } else if (
    isPlain(narrow.rule) &&
    isPlain(wide.rule) &&
    floorOf(narrow.rule) <= floorOf(wide.rule) &&
    hasPoints(wide, narrow, roomOf)
  )
    sink.warn('W037', narrow.at, `whenever this rule fires, the rule '${theirs.id}' fires, too`, {
      rule: mine.id,
      hint: 'the same evidence counts twice: one rule with graded points, or conditions that exclude each other',
    });
}

/** Is the first true wherever the second is? */
function follows(wide: Candidate, narrow: Candidate, roomOf: RoomOf): boolean {
  if (narrow.rooms === undefined || wide.rooms === undefined) return implies(narrow.claim, wide.claim, roomOf);
  for (const [input, room] of wide.rooms) {
    const within = narrow.rooms.get(input);
    if (within === undefined || !isWithin(within, room)) return false;
  }
  return true;
}

/** Has the first rule points wherever the second fires? Without them it does not fire, whatever its condition. */
function hasPoints(wide: Candidate, narrow: Candidate, roomOf: RoomOf): boolean {
  const [mine, theirs] = [narrow.rule.points.ast, wide.rule.points.ast];
  return canonical(mine) === canonical(theirs) || isAlwaysKnown(theirs, { claim: narrow.claim, roomOf });
}

/** Rules that take points away, that are on trial, or that have exceptions, say something of their own. */
const isPlain = ({ info, exceptions }: RuleDeclaration): boolean =>
  info.mode === 'live' && exceptions.length === 0 && !info.points.trimStart().startsWith('-');

const floorOf = ({ info }: RuleDeclaration): number => outcomeRank[info.atLeast ?? 'allow'];
