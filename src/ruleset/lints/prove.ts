import type { InputInfo } from '../../model/expression-scope.js';
import type { Claim, JoinedClaim, SingleClaim } from './claim.js';
import { isEmpty, isWithin, meet, type Room } from './room.js';

/** What an input can be at all: its range, its values. */
export type RoomOf = (input: InputInfo) => Room;

/** Claims that all hold: single ones, and choices of which one part holds each. */
interface Premises {
  readonly singles: readonly SingleClaim[];
  readonly choices: readonly JoinedClaim[];
}

/** Choices are followed this deep, and only where they have this many parts: a proof that is not found is none. */
const deepest = 2;
const widest = 16;

const isJoined = (claim: Claim): claim is JoinedClaim => claim.kind === 'all' || claim.kind === 'any';

function premisesOf(claim: Claim): Premises {
  if (!isJoined(claim)) return { singles: [claim], choices: [] };
  const [only, ...others] = claim.parts;
  if (claim.kind === 'any' && (only === undefined || others.length > 0)) return { singles: [], choices: [claim] };
  const parts = claim.parts.map(premisesOf);
  return { singles: parts.flatMap(({ singles }) => singles), choices: parts.flatMap(({ choices }) => choices) };
}

const both = (a: Premises, b: Premises): Premises => ({
  singles: [...a.singles, ...b.singles],
  choices: [...a.choices, ...b.choices],
});

/** Can the claim never be true? False says nothing. */
export function isNever(claim: Claim, roomOf: RoomOf): boolean {
  if (isJoined(claim)) return contradicts(premisesOf(claim), roomOf, 0);
  return claim.kind === 'room' && isEmpty(meet(roomOf(claim.input), claim.room));
}

function contradicts(premises: Premises, roomOf: RoomOf, depth: number): boolean {
  if (clash(premises.singles, roomOf)) return true;
  if (depth >= deepest) return false;
  return premises.choices.some(({ parts }, index) => {
    if (parts.length > widest) return false;
    const rest = { ...premises, choices: premises.choices.filter((_, other) => other !== index) };
    return parts.every((part) => contradicts(both(rest, premisesOf(part)), roomOf, depth + 1));
  });
}

function clash(singles: readonly SingleClaim[], roomOf: RoomOf): boolean {
  const rooms = new Map<InputInfo, Room>();
  const texts = new Map<string, boolean>();
  const absent = new Set<InputInfo>();
  const known = new Set<InputInfo>();
  for (const single of singles) {
    if (single.kind === 'room') {
      rooms.set(single.input, meet(rooms.get(single.input) ?? roomOf(single.input), single.room));
      known.add(single.input);
    } else if (single.kind === 'known') (single.wanted ? known : absent).add(single.input);
    else if (texts.get(single.text) === !single.wanted) return true;
    else texts.set(single.text, single.wanted);
  }
  return [...absent].some((input) => known.has(input)) || [...rooms.values()].some(isEmpty);
}

/** The rooms of a claim that says nothing but rooms, by input; undefined for every other claim. */
export function roomsOf(claim: Claim, roomOf: RoomOf): ReadonlyMap<InputInfo, Room> | undefined {
  const { singles, choices } = premisesOf(claim);
  const rooms = new Map<InputInfo, Room>();
  if (choices.length > 0) return undefined;
  for (const single of singles) {
    if (single.kind !== 'room') return undefined;
    rooms.set(single.input, meet(rooms.get(single.input) ?? roomOf(single.input), single.room));
  }
  return rooms;
}

/** Is the second claim true whenever the first is? False says nothing. */
export const implies = (first: Claim, second: Claim, roomOf: RoomOf): boolean =>
  proves(premisesOf(first), second, { roomOf, depth: 0 });

interface Proof {
  readonly roomOf: RoomOf;
  readonly depth: number;
}

function proves(premises: Premises, goal: Claim, proof: Proof): boolean {
  if (isJoined(goal) && goal.kind === 'all') return goal.parts.every((part) => proves(premises, part, proof));
  const isShown = isJoined(goal)
    ? goal.parts.some((part) => proves(premises, part, proof))
    : provesOne(premises, goal, proof);
  if (isShown) return true;
  if (proof.depth >= deepest) return false;
  return premises.choices.some(({ parts }, index) => {
    if (parts.length > widest) return false;
    const rest = { ...premises, choices: premises.choices.filter((_, other) => other !== index) };
    return parts.every((part) => proves(both(rest, premisesOf(part)), goal, { ...proof, depth: proof.depth + 1 }));
  });
}

function provesOne({ singles }: Premises, goal: SingleClaim, { roomOf }: Proof): boolean {
  if (goal.kind === 'text')
    return singles.some(
      (premise) => premise.kind === 'text' && premise.text === goal.text && premise.wanted === goal.wanted,
    );
  const about = singles.filter((premise) => premise.kind !== 'text' && premise.input === goal.input);
  if (goal.kind === 'known')
    return goal.wanted
      ? about.some((premise) => premise.kind === 'room' || (premise.kind === 'known' && premise.wanted))
      : about.some((premise) => premise.kind === 'known' && !premise.wanted);
  const rooms = about.flatMap((premise) => (premise.kind === 'room' ? [premise.room] : []));
  return rooms.length > 0 && isWithin(rooms.reduce(meet, roomOf(goal.input)), goal.room);
}
