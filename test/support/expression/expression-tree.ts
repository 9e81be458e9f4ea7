import type { PatternTree } from './pattern-tree.js';

export type TreeType = 'number' | 'string' | 'boolean';
export type TreeValue = number | string | boolean;
export type BinarySign = '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/';

/** An expression as it was thought of, before it was written down. Knows nothing of the compiler. */
export type Tree =
  | { readonly is: 'constant'; readonly value: TreeValue; readonly written?: string }
  | { readonly is: 'field'; readonly name: string }
  | { readonly is: 'predicate'; readonly name: string; readonly meaning: Tree }
  | { readonly is: 'not' | 'minus'; readonly of: Tree }
  | { readonly is: 'binary'; readonly sign: BinarySign; readonly left: Tree; readonly right: Tree }
  | { readonly is: 'among'; readonly of: Tree; readonly items: readonly Tree[] }
  | { readonly is: 'listed'; readonly of: Tree; readonly list: string; readonly asCall: boolean }
  | { readonly is: 'matches'; readonly of: Tree; readonly pattern: PatternTree }
  | { readonly is: 'inside'; readonly field: string; readonly range: string }
  | { readonly is: 'call'; readonly name: CallName; readonly args: readonly Tree[] };

export const methodNames = ['startsWith', 'endsWith', 'contains', 'lower', 'size'] as const;
export const functionNames = ['has', 'default', 'min', 'max', 'log2'] as const;
export type CallName = (typeof methodNames)[number] | (typeof functionNames)[number];

export const isMethod = (name: CallName): boolean => methodNames.some((method) => method === name);

export interface Field {
  readonly name: string;
  readonly type: TreeType;
  /** The only texts it ever holds. */
  readonly values?: readonly string[];
}

export const fields: readonly Field[] = [
  { name: 'ip.asn', type: 'number' },
  { name: 'accounts_per_card', type: 'number' },
  { name: 'signups_per_prefix', type: 'number' },
  { name: 'template_burst.z', type: 'number' },
  { name: 'ip.address', type: 'string' },
  { name: 'email.domain', type: 'string' },
  { name: 'email.shape', type: 'string' },
  { name: 'payment.fingerprint', type: 'string' },
  { name: 'ip.kind', type: 'string', values: ['home', 'mobile', 'hosting'] },
  { name: 'ip.is_vpn', type: 'boolean' },
  { name: 'ip.is_tor', type: 'boolean' },
  { name: 'email.verified', type: 'boolean' },
];

/** What each list holds, and which type may be looked up in it. */
export const lists: Readonly<Record<string, { kind: 'value' | 'asn'; type: TreeType; holds: readonly TreeValue[] }>> = {
  burned: { kind: 'value', type: 'string', holds: ['bad.example', 'a', 'ab', 'home', '\u{1F600}'] },
  odd_numbers: { kind: 'value', type: 'number', holds: [1, 3, 0.5] },
  hosting_asns: { kind: 'asn', type: 'number', holds: [2, 64500] },
};

/** What one event gives to one field. */
export type Given = { readonly value: TreeValue } | { readonly unavailable: string } | 'absent';
export type Facts = ReadonlyMap<string, Given>;
