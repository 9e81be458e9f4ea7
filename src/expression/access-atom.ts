import type { ScopeList } from '../model/expression-scope.js';
import type { Value } from '../model/value.js';

/** A simple statement about one slot that can be looked up instead of evaluated. Bounds of a range are inclusive. */
export type Atom =
  | { readonly kind: 'equal'; readonly slot: number; readonly value: Value }
  | { readonly kind: 'range'; readonly slot: number; readonly low: number; readonly high: number }
  | { readonly kind: 'prefix'; readonly slot: number; readonly text: string }
  | { readonly kind: 'listed'; readonly slot: number; readonly list: ScopeList }
  | { readonly kind: 'known'; readonly slot: number }
  | { readonly kind: 'absent'; readonly slot: number };

export function atomKey(atom: Atom): string {
  if (atom.kind === 'equal') return `equal ${atom.slot} ${typeof atom.value} ${atom.value}`;
  if (atom.kind === 'listed') return `listed ${atom.slot} ${atom.list.name}`;
  return `${atom.kind} ${atom.slot}`;
}

/** Roughly how often it holds, out of a thousand events. */
export function atomShare(atom: Atom): number {
  if (atom.kind === 'equal') return typeof atom.value === 'boolean' ? (atom.value ? 100 : 500) : 10;
  if (atom.kind === 'range') return Number.isFinite(atom.low) && Number.isFinite(atom.high) ? 30 : 200;
  return { prefix: 10, listed: 50, known: 900, absent: 300 }[atom.kind];
}
