import type { AuditHead } from './audit-chain.js';

export type Sealing =
  | {
      readonly kind: 'sealed';
      readonly head: AuditHead | undefined;
      /** Row numbers given out and not sealed; some have no row. */
      readonly unsealed: number;
      readonly more: boolean;
    }
  /** Another instance is at it. */
  | { readonly kind: 'elsewhere' }
  /** The chain was tampered with: it is left as it is. */
  | { readonly kind: 'broken'; readonly detail: string };

/** Port: seals what has come, some rows at a time. */
export interface AuditSeal {
  /** `noted`: the last head that this instance has seen. */
  seal(noted: AuditHead | undefined): Promise<Sealing>;
}

/** Port: where the last head is noted, out of reach of whoever writes to the database. */
export interface AuditHeadNote {
  /** For people. */
  readonly place: string;
  read(): Promise<AuditHead | undefined>;
  write(head: AuditHead): Promise<void>;
}
