import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { SavedBacktest } from '../backtest/run-backtest.js';

/** Where an interrupted backtest is kept, by everything that it depends on: another rule, file or option finds nothing. */
export class Checkpoint {
  private readonly path: string;

  constructor(folder: string, dependsOn: unknown) {
    const key = createHash('sha256').update(JSON.stringify(dependsOn)).digest('hex').slice(0, 24);
    this.path = join(folder, `checkpoint-${key}.bin`);
  }

  read(): SavedBacktest | undefined {
    return existsSync(this.path) ? deserialize(readFileSync(this.path)) : undefined;
  }

  /** Whole or not at all. */
  write(saved: SavedBacktest): void {
    writeFileSync(`${this.path}.part`, serialize(saved));
    renameSync(`${this.path}.part`, this.path);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}
