import type { EventType } from '../../model/event-type.js';
import type { InputInfo } from '../../model/expression-scope.js';
import { type FeatureSpec, featureInputs } from '../../model/feature.js';
import type { SignalInfo } from '../../model/signal.js';
import { signalCatalogue } from '../../signals/catalogue.js';
import type { RoomOf } from './prove.js';
import { anyValue, betweenRoom, oneOfRoom, type Room } from './room.js';

const signals: ReadonlyMap<string, SignalInfo> = new Map(signalCatalogue.map((info) => [info.name, info]));

/** How many different values a signal has at most. */
export function valuesOf(name: string): number {
  const info = signals.get(name);
  if (info?.type === 'boolean') return 2;
  if (info?.values !== undefined) return info.values.length;
  if (name === 'geo.local_hour') return 24;
  return name === 'ip.version' ? 2 : Number.POSITIVE_INFINITY;
}

/** The greatest number a feature can give: counts of events go on beyond `exact_to`, all others stay there. */
function mostOf({ kind, exactTo, of }: FeatureSpec): number {
  if (kind === 'count') return Number.POSITIVE_INFINITY;
  return kind === 'distinct' ? Math.min(exactTo, valuesOf(of)) : exactTo;
}

/** The event that is judged is counted, too, where it is one of those that count. */
const leastOf = ({ kind, on }: FeatureSpec, types: readonly EventType[]): number =>
  kind === 'count' && types.length > 0 && types.every((type) => on.includes(type)) ? 1 : 0;

const remembered = new WeakMap<readonly FeatureSpec[], Map<string, RoomOf>>();

/** What inputs can be at all; with types, when an event of one of them is decided, which counts it. */
export function inputRooms(features: readonly FeatureSpec[], types: readonly EventType[] = []): RoomOf {
  const known = remembered.get(features) ?? new Map<string, RoomOf>();
  const key = types.join();
  const roomOf = known.get(key) ?? newRooms(features, types);
  remembered.set(features, known.set(key, roomOf));
  return roomOf;
}

function newRooms(features: readonly FeatureSpec[], types: readonly EventType[]): RoomOf {
  const specs = new Map(features.flatMap((spec) => featureInputs(spec).map((name) => [name, spec] as const)));
  const rooms = new Map<InputInfo, Room>();
  return (input) => {
    const room = rooms.get(input) ?? roomOfInput(input, specs.get(input.name), types);
    rooms.set(input, room);
    return room;
  };
}

function roomOfInput(input: InputInfo, spec: FeatureSpec | undefined, types: readonly EventType[]): Room {
  if (spec?.kind === 'burst') return roomOfMember(input.name.slice(spec.name.length + 1));
  if (spec === undefined || spec.kind === 'age') return ownRoom(input);
  return betweenRoom(leastOf(spec, types), mostOf(spec), true);
}

/** Of a burst; `z` is below zero where there are fewer than expected. */
function roomOfMember(member: string): Room {
  if (member === 'z') return anyValue;
  if (member === 'held_share') return betweenRoom(0, 1, false);
  return betweenRoom(0, Number.POSITIVE_INFINITY, member === 'count' || member === 'held');
}

const wholeSignals: ReadonlySet<string> = new Set(['ip.asn', 'signup.asn', 'geo.local_hour', 'ring.size']);

function ownRoom({ name, type, values, range }: InputInfo): Room {
  if (type === 'boolean') return oneOfRoom([true, false]);
  if (values !== undefined) return oneOfRoom(values);
  if (name === 'ip.version') return oneOfRoom([4, 6]);
  return range === undefined ? anyValue : betweenRoom(range[0], range[1], wholeSignals.has(name));
}
