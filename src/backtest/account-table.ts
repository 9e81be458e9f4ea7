import type { Label } from '../model/label.js';

/** Labels as small numbers; 0 is none. */
export const labelCode: Readonly<Record<Label, number>> = { fraud: 1, honest: 2 };
export const codedLabel = (code: number): Label | undefined =>
  code === labelCode.fraud ? 'fraud' : code === labelCode.honest ? 'honest' : undefined;

/** A number for each account, and a few small numbers for each of them: memory follows accounts, not events. */
export class AccountTable {
  private readonly numbers = new Map<string, number>();
  private columns: Int32Array[] = [];
  private room = 1024;

  /** `columns`: how many numbers are kept for an account; all begin with zero. */
  constructor(columns: number) {
    for (let column = 0; column < columns; column++) this.columns.push(new Int32Array(this.room));
  }

  get size(): number {
    return this.numbers.size;
  }

  numberOf(account: string): number {
    const known = this.numbers.get(account);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(account, number);
    if (number >= this.room) this.grow();
    return number;
  }

  get(column: number, account: number): number {
    return this.columns[column]?.[account] ?? 0;
  }

  set(column: number, account: number, value: number): void {
    const values = this.columns[column];
    if (values !== undefined) values[account] = value;
  }

  private grow(): void {
    this.room *= 2;
    this.columns = this.columns.map((values) => {
      const larger = new Int32Array(this.room);
      larger.set(values);
      return larger;
    });
  }

  /** For a checkpoint. */
  save(): SavedAccounts {
    const { size } = this;
    return { accounts: [...this.numbers.keys()], columns: this.columns.map((values) => values.slice(0, size)) };
  }

  restore({ accounts, columns }: SavedAccounts): void {
    for (const account of accounts) this.numberOf(account);
    for (const [column, values] of columns.entries()) this.columns[column]?.set(values);
  }
}

export interface SavedAccounts {
  readonly accounts: readonly string[];
  readonly columns: readonly Int32Array[];
}
