import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** Lines to a file, or to the standard output (`-`); memory holds no more than one block of them. */
export interface LineWriter {
  write(line: string): void;
  /** Waits while the file is slower than what is written. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const blockLength = 256 * 1024;

export async function openLines(file: string): Promise<LineWriter> {
  const stream = file === '-' ? process.stdout : createWriteStream(file);
  let failure: unknown;
  stream.on('error', (error) => {
    failure ??= error;
  });
  if (file !== '-') await once(stream, 'open');
  let waiting: string[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    if (failure !== undefined) throw failure;
    const block = waiting.join('');
    waiting = [];
    length = 0;
    if (block !== '' && !stream.write(block)) await once(stream, 'drain');
  };
  return {
    write(line) {
      waiting.push(line, '\n');
      length += line.length + 1;
    },
    settle: async () => {
      if (length >= blockLength) await flush();
    },
    async close() {
      await flush();
      if (stream === process.stdout) return;
      stream.end();
      await finished(stream);
    },
  };
}
