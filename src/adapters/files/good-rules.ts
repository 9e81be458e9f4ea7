import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from './make-folder.js';

/** The last rule set that loaded without an error, so that a restart with a broken file has something to run on. */
interface GoodRules {
  readonly hash: string;
  readonly files: ReadonlyMap<string, string>;
}

const fileOf = (dataDir: string): string => join(dataDir, 'good-rules.json');

/**
 * Written beside and renamed: a crash leaves the earlier one whole. Whoever else writes at the same time has another name
 * beside. Rejects, naming the folder, when they cannot be kept (a full disk); a service does as well without until it restarts.
 */
export async function keepGoodRules(dataDir: string, files: ReadonlyMap<string, string>, hash: string): Promise<void> {
  const beside = `${fileOf(dataDir)}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await makeFolder(dataDir);
    await writeFile(beside, pieces(files, hash), { mode: 0o600 });
    await rename(beside, fileOf(dataDir));
  } catch (error) {
    await rm(beside, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`DATA_DIR: the last good rules cannot be kept in ${dataDir} (${why})`, { cause: error });
  }
}

/** The JSON a piece at a time, so that nobody waits while a long list becomes one text. */
function* pieces(files: ReadonlyMap<string, string>, hash: string): Generator<string> {
  yield `{"hash":${JSON.stringify(hash)},"files":{`;
  let separator = '';
  for (const [path, text] of files) {
    yield `${separator}${JSON.stringify(path)}:"`;
    for (let at = 0; at < text.length; at += pieceLength)
      // Half of a pair of surrogates is written as its escape and read back as what it was.
      yield JSON.stringify(text.slice(at, at + pieceLength)).slice(1, -1);
    yield '"';
    separator = ',';
  }
  yield '}}';
}

/** Characters. */
const pieceLength = 1 << 16;

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
