import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The last rule set that loaded without an error, so that a restart with a broken file has something to run on. */
export interface GoodRules {
  readonly hash: string;
  readonly files: ReadonlyMap<string, string>;
}

const fileOf = (dataDir: string): string => join(dataDir, 'good-rules.json');

/** Written beside and renamed: a crash leaves the earlier one whole. */
export async function keepGoodRules(dataDir: string, files: ReadonlyMap<string, string>, hash: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const beside = `${fileOf(dataDir)}.${process.pid}.tmp`;
  await writeFile(beside, JSON.stringify({ hash, files: Object.fromEntries(files) }), { mode: 0o600 });
  await rename(beside, fileOf(dataDir));
}

/** Undefined when there is none or it cannot be read; whoever loads it compares the hash. */
export async function readGoodRules(dataDir: string): Promise<GoodRules | undefined> {
  try {
    const { hash, files } = JSON.parse(await readFile(fileOf(dataDir), 'utf8'));
    const texts = Object.entries(files).flatMap(([path, text]): [string, string][] =>
      typeof text === 'string' ? [[path, text]] : [],
    );
    return { hash: String(hash), files: new Map(texts) };
  } catch {
    return undefined;
  }
}
