import { type Slots, Unavailable } from '../model/value.js';
import { signalRegistry } from './registry.js';
import { SignalContext, type SignalInput, type SignalPorts } from './signal-context.js';
import type { ComputeSignal } from './signal-record.js';

interface NeededSignal {
  readonly name: string;
  readonly slot: number;
}

export interface SignalPlan {
  /** Fills the slots of the needed signals; never throws. */
  write(input: SignalInput, ports: SignalPorts, slots: Slots): void;
}

const computations = new Map<string, ComputeSignal>(Object.entries(signalRegistry));

/** A broken adapter costs one signal, not the decision. */
const failed = new Unavailable('signal_failed');

/** Prepared once for a rule set and event type; a name that is no signal is left to others. */
export function planSignals(needed: readonly NeededSignal[]): SignalPlan {
  const steps = needed.flatMap(({ name, slot }) => {
    const compute = computations.get(name);
    return compute === undefined ? [] : [{ slot, compute }];
  });
  return {
    write(input, ports, slots) {
      const context = new SignalContext(input, ports);
      for (const { slot, compute } of steps) {
        try {
          slots[slot] = compute(context);
        } catch {
          slots[slot] = failed;
        }
      }
    },
  };
}
