import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

/** A file's text, or why it cannot be used. */
interface ReadText {
  readonly path: string;
  readonly text?: string;
  readonly why?: string;
}

/** A YAML file may be this long; one that is longer is read this far, so that the loader can say so. */
const largestYamlBytes = 256 * 1024;
const largestListBytes = 64 * 1024 * 1024;
/** What is read, hashed or decoded at once: some tenths of a millisecond. */
const pieceBytes = 64 * 1024;
/** File systems tell times in steps of up to two seconds: a file written later than that may change and look the same. */
const settledMs = 2000;

interface KeptText {
  /** Device, place, length and times. */
  readonly stamp: string;
  /** False: the stamp proves nothing, because the file was written just before it was read. */
  readonly isSettled: boolean;
  readonly digest: string;
  readonly text: string;
}

interface Stamp {
  readonly stamp: string;
  readonly size: number;
  readonly changedAt: number;
}

/**
 * Texts of files that are read again and again: what looks unchanged is not read, and what holds the same as before is the
 * same text. Long files are read in pieces, between which others have their turn.
 */
export class TextMemory {
  #kept = new Map<string, KeptText>();

  /** `path`: how the file is named where something is wrong with it. */
  async read(file: string, path: string): Promise<ReadText> {
    try {
      // Without O_NONBLOCK a pipe that someone put there would hang the start.
      const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        return await this.#readFrom(handle, file, path);
      } finally {
        await handle.close();
      }
    } catch (failure) {
      return { path, why: failure instanceof Error ? failure.message : String(failure) };
    }
  }

  /** Forgets all other files. */
  keepOnly(files: readonly string[]): void {
    const wanted = new Set(files);
    for (const file of this.#kept.keys()) if (!wanted.has(file)) this.#kept.delete(file);
  }

  async #readFrom(handle: FileHandle, file: string, path: string): Promise<ReadText> {
    const startedAt = Date.now();
    const before = await stampOf(handle);
    const kept = this.#kept.get(file);
    if (kept?.isSettled === true && kept.stamp === before.stamp) return { path, text: kept.text };
    const most = path.endsWith('.txt') ? largestListBytes : largestYamlBytes;
    const { size } = before;
    if (size > most && path.endsWith('.txt')) return { path, why: 'it is larger than 64 MiB' };
    const { pieces, digest } = await readPieces(handle, Math.min(size, most + 1));
    const text = kept?.digest === digest ? kept.text : await decode(pieces, size > most);
    if (text === undefined) return { path, why: 'it is not UTF-8' };
    const { stamp } = await stampOf(handle);
    const isSettled = stamp === before.stamp && startedAt - before.changedAt > settledMs;
    this.#kept.set(file, { stamp, isSettled, digest, text });
    return { path, text };
  }
}

async function stampOf(handle: FileHandle): Promise<Stamp> {
  const { dev, ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = await handle.stat({ bigint: true });
  return {
    stamp: [dev, ino, size, mtimeNs, ctimeNs].join(' '),
    size: Number(size),
    changedAt: Math.max(Number(mtimeMs), Number(ctimeMs)),
  };
}

async function readPieces(handle: FileHandle, bytes: number): Promise<{ pieces: Buffer[]; digest: string }> {
  const pieces: Buffer[] = [];
  const hash = createHash('sha256');
  for (let at = 0; at < bytes; ) {
    const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, bytes - at));
    const { bytesRead } = await handle.read(piece, 0, piece.length, at);
    if (bytesRead === 0) break;
    const read = piece.subarray(0, bytesRead);
    hash.update(read);
    pieces.push(read);
    at += bytesRead;
  }
  return { pieces, digest: hash.digest('base64') };
}

/** Undefined when it is not UTF-8; a file that was cut may end within a character. */
async function decode(pieces: readonly Buffer[], cut: boolean): Promise<string | undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: !cut, ignoreBOM: true });
  const texts: string[] = [];
  try {
    for (const piece of pieces) {
      texts.push(decoder.decode(piece, { stream: true }));
      if (pieces.length > 1) await setImmediate();
    }
    return texts.join('') + decoder.decode();
  } catch {
    return undefined;
  }
}
