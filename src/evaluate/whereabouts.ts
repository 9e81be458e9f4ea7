import type { ObservedType } from '../model/event-type.js';
import { isKnown, type Slots } from '../model/value.js';
import type { SignalPorts } from '../signals/signal-context.js';
import { planSignals } from '../signals/write-signals.js';
import type { TypePlan } from './snapshot.js';

const ofEvent = ['ip.country', 'ip.asn'];
/** Of events that need no address. */
const ofSignup = ['signup.country', 'signup.asn'];

/** Prepared once for an event type, without the signals that its rules read anyway. */
export function planWhereabouts(
  type: ObservedType,
  read: ReadonlySet<string>,
  ports: SignalPorts,
): TypePlan['whereabouts'] {
  const names = type === 'payment_method_added' ? [...ofEvent, ...ofSignup] : ofEvent;
  const unread = names.flatMap((name) => (read.has(name) ? [] : [{ name, key: `${JSON.stringify(name)}:` }]));
  if (unread.length === 0) return () => [];
  const plan = planSignals(unread.map(({ name }, slot) => ({ name, slot })));
  return (input) => {
    const slots: Slots = [];
    plan.write(input, ports, slots);
    return unread.flatMap((seen, slot) => {
      const value = slots[slot];
      return isKnown(value) ? [{ ...seen, value }] : [];
    });
  };
}
