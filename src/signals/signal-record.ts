import type { Reading } from '../model/value.js';
import type { SignalName } from './catalogue.js';
import type { SignalContext } from './signal-context.js';

export type ComputeSignal = (context: SignalContext) => Reading;

/** The names of one group: those of the catalogue that begin with one of the given words. */
type GroupName<G extends string> = Extract<SignalName, `${G}.${string}`>;

/** One record for each signal of the groups; a missing or surplus name does not compile. */
export type SignalRecords<G extends string> = { readonly [N in GroupName<G>]: ComputeSignal };
