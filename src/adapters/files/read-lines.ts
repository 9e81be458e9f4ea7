import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { unreadable } from '../../replay/unreadable-line.js';

const blockBytes = 256 * 1024;

/** Bytes. A line longer than this is no event; more would not fit in memory. */
const longestLine = 4 * 1024 * 1024;

const newline = 0x0a;

/** What is wrong with a file that is read, in one line that names it. */
export class DamagedFile extends Error {}

/**
 * Lines of a text file in blocks, as they come; `.gz` is unpacked, `-` is the standard input. A line that is not UTF-8, or
 * longer than 4 MiB, comes as its `unreadable`: whoever reads lines refuses it with its number.
 */
export async function* readLines(file: string): AsyncGenerator<readonly string[]> {
  const source = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: blockBytes });
  const bytes = file.endsWith('.gz') ? source.pipe(createGunzip({ chunkSize: blockBytes })) : source;
  // An error of the source does not reach what it is piped into.
  source.once('error', (error: Error) => bytes.destroy(error));
  const rest = new Rest();
  let isFirst = true;
  for await (const chunk of refusing(bytes, file)) {
    const end = chunk.lastIndexOf(newline);
    if (end === -1) {
      rest.add(chunk);
      continue;
    }
    const lines = rest.take(chunk.subarray(0, end));
    rest.add(chunk.subarray(end + 1));
    yield isFirst ? withoutMark(lines) : lines;
    isFirst = false;
  }
  if (rest.isEmpty) return;
  const lines = rest.take(Buffer.alloc(0));
  yield isFirst ? withoutMark(lines) : lines;
}

/** The line that has begun and not ended. Of one that is too long nothing is kept. */
class Rest {
  private parts: Buffer[] = [];
  private length = 0;

  get isEmpty(): boolean {
    return this.length === 0;
  }

  add(part: Buffer): void {
    this.length += part.length;
    if (this.length > longestLine) this.parts = [];
    else if (part.length > 0) this.parts.push(part);
  }

  /** The lines that it and what follows are. */
  take(following: Buffer): string[] {
    const [parts, length] = [this.parts, this.length];
    this.parts = [];
    this.length = 0;
    const end = following.indexOf(newline);
    if (length + (end === -1 ? following.length : end) > longestLine)
      return [unreadable.tooLong, ...(end === -1 ? [] : linesOf(following.subarray(end + 1)))];
    return linesOf(parts.length === 0 ? following : Buffer.concat([...parts, following]));
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const linesOf = (bytes: Buffer): string[] => decoded(bytes)?.split('\n') ?? [...eachLine(bytes)];

/** One by one, where they cannot be read together. */
function* eachLine(bytes: Buffer): Generator<string> {
  let start = 0;
  while (start <= bytes.length) {
    const next = bytes.indexOf(newline, start);
    const end = next === -1 ? bytes.length : next;
    yield decoded(bytes.subarray(start, end)) ?? unreadable.notUtf8;
    start = end + 1;
  }
}

/** The byte order mark that some programs begin a file with. */
const withoutMark = ([first = '', ...others]: readonly string[]): string[] => [first.replace(/^\uFEFF/, ''), ...others];

/** A text file as a whole; throws `DamagedFile` where it is not UTF-8. */
export async function readText(file: string): Promise<string> {
  const text = decoded(await readFile(file));
  if (text === undefined) throw new DamagedFile(`'${file}' is not UTF-8`);
  return text.replace(/^\uFEFF/, '');
}

async function* refusing(bytes: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (failure) {
    const code = typeof failure === 'object' && failure !== null && 'code' in failure ? String(failure.code) : '';
    if (code === 'Z_BUF_ERROR') throw new DamagedFile(`'${file}' is cut off: expected a whole gzip file`);
    if (code === 'EISDIR') throw new DamagedFile(`'${file}' is a folder: expected a file`);
    if (code.startsWith('Z_'))
      throw new DamagedFile(`'${file}' cannot be unpacked: expected a gzip file, as its name says`);
    throw failure;
  }
}
