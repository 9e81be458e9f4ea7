import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { beginFile, endFile } from './unfinished-files.js';

/** Lines to a file, or to the standard output (`-`); memory holds no more than one block of them. */
export interface LineWriter {
  write(line: string): void;
  /** Waits while the file is slower than what is written. */
  settle(): Promise<void>;
  /** Now the file is there, in the place of an earlier one. */
  close(): Promise<void>;
  /** There is to be no file; an earlier one stays as it was. */
  discard(): Promise<void>;
}

const blockLength = 256 * 1024;

export async function openLines(file: string): Promise<LineWriter> {
  const place = await placeOf(file);
  if (place.isBeside) beginFile(place.written);
  const stream = file === '-' ? process.stdout : createWriteStream(place.written, place.options);
  let failure: unknown;
  stream.on('error', (error) => {
    failure ??= error;
  });
  if (file !== '-')
    await once(stream, 'open').catch((error: Error) => {
      endFile(place.written);
      // The name that was asked for, not the one beside it.
      error.message = error.message.replace(place.written, file);
      throw error;
    });
  let waiting: string[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    if (failure !== undefined) throw failure;
    const block = waiting.join('');
    waiting = [];
    length = 0;
    if (block !== '' && !stream.write(block)) await once(stream, 'drain');
  };
  const end = async (): Promise<void> => {
    await flush();
    if (stream === process.stdout) return;
    stream.end();
    await finished(stream);
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
      await end();
      await place.keep();
    },
    async discard() {
      // What a reader of the standard output, or of a pipe, has had cannot be taken back.
      if (place.isBeside) stream.destroy();
      else await end();
      await place.drop();
    },
  };
}

interface Place {
  readonly written: string;
  readonly options: { readonly flags: string; readonly mode?: number | undefined };
  readonly isBeside: boolean;
  keep(): Promise<void>;
  drop(): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

/** Beside the file and renamed at the end, so that a run that fails leaves the earlier file; pipes and devices as they are. */
async function placeOf(file: string): Promise<Place> {
  const found = file === '-' ? undefined : await stat(file).catch(() => undefined);
  const isStream = file === '-' || (found !== undefined && !found.isFile());
  if (isStream) return { written: file, options: { flags: 'w' }, isBeside: false, keep: nothing, drop: nothing };
  // A link stays one: what it leads to is replaced.
  const target = await realpath(file).catch(() => file);
  const written = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  return {
    written,
    options: { flags: 'wx', mode: found?.mode },
    isBeside: true,
    keep: () => rename(written, target).finally(() => endFile(written)),
    drop: () => rm(written, { force: true }).finally(() => endFile(written)),
  };
}
