import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const blockBytes = 256 * 1024;

/** A line longer than this is no event; what follows would not fit in memory. */
const longestLine = 4 * 1024 * 1024;

/** Lines of a text file in blocks, as they come; `.gz` is unpacked, `-` is the standard input. */
export async function* readLines(file: string): AsyncGenerator<readonly string[]> {
  const source = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: blockBytes });
  const bytes = file.endsWith('.gz') ? source.pipe(createGunzip({ chunkSize: blockBytes })) : source;
  // An error of the source does not reach what it is piped into.
  source.once('error', (error: Error) => bytes.destroy(error));
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new Error(`${file} holds a line of more than ${longestLine} characters`);
    yield lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
}
