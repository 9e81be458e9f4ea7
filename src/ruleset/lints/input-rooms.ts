import type { EventType } from '../../model/event-type.js';
import type { InputInfo } from '../../model/expression-scope.js';
import type { FeatureSpec } from '../../model/feature.js';
import { signalCatalogue } from '../../signals/catalogue.js';
import type { RoomOf } from './prove.js';
import { anyValue, betweenRoom, oneOfRoom, type Room } from './room.js';

const signals = new Map(signalCatalogue.map((info) => [info.name, info]));

/** How many different values a signal has at most. */
export function valuesOf(name: string): number {
  const info = signals.get(name);
  if (info?.type === 'boolean') return 2;
  if (info?.values !== undefined) return info.values.length;
  if (name === 'geo.local_hour') return 24;
  return name === 'ip.version' ? 2 : Number.POSITIVE_INFINITY;
}

/** The greatest number a feature can give; infinite where nothing is known. */
function mostOf({ kind, exactTo, of }: FeatureSpec): number {
  if (kind === 'age' || kind === 'burst') return Number.POSITIVE_INFINITY;
  return kind === 'distinct' ? Math.min(exactTo, valuesOf(of)) : exactTo;
}

/** The event that is judged is counted, too, where it is one of those that count. */
const leastOf = ({ kind, on }: FeatureSpec, types: readonly EventType[]): number =>
  kind === 'count' && types.length > 0 && types.every((type) => on.includes(type)) ? 1 : 0;

/** What inputs can be at all, for rules on events of these types. */
export function inputRooms(features: readonly FeatureSpec[], types: readonly EventType[] = []): RoomOf {
  const rooms = new Map<string, Room>(
    features
      .filter(({ kind }) => kind !== 'burst' && kind !== 'age')
      .map((spec) => [spec.name, betweenRoom(leastOf(spec, types), mostOf(spec), true)]),
  );
  return (input) => rooms.get(input.name) ?? ownRoom(input);
}

const wholeSignals: ReadonlySet<string> = new Set(['ip.asn', 'signup.asn', 'geo.local_hour', 'ring.size']);

function ownRoom({ name, type, values, range }: InputInfo): Room {
  if (type === 'boolean') return oneOfRoom([true, false]);
  if (values !== undefined) return oneOfRoom(values);
  if (name === 'ip.version') return oneOfRoom([4, 6]);
  return range === undefined ? anyValue : betweenRoom(range[0], range[1], wholeSignals.has(name));
}
