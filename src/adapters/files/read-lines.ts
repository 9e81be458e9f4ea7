import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const blockBytes = 256 * 1024;

/** A line longer than this is no event; what follows would not fit in memory. */
const longestLine = 4 * 1024 * 1024;

/** What is wrong with a file that is read, in one line that names it. */
export class DamagedFile extends Error {}

/** Lines of a text file in blocks, as they come; `.gz` is unpacked, `-` is the standard input. */
export async function* readLines(file: string): AsyncGenerator<readonly string[]> {
  const source = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: blockBytes });
  const bytes = file.endsWith('.gz') ? source.pipe(createGunzip({ chunkSize: blockBytes })) : source;
  // An error of the source does not reach what it is piped into.
  source.once('error', (error: Error) => bytes.destroy(error));
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of refusing(bytes, file)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new DamagedFile(`${file} holds a line of more than ${longestLine} characters`);
    yield lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
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
