import { createHash, type Hash } from 'node:crypto';
import type { Steps } from '../model/steps.js';

/** `sha256:…` over paths and texts, in the order of the paths. */
export function* hashFiles(files: ReadonlyMap<string, string>): Steps<string> {
  const hash = createHash('sha256');
  for (const path of [...files.keys()].sort()) {
    yield* addFile(hash, path, files.get(path) ?? '');
    yield;
  }
  return `sha256:${hash.digest('hex')}`;
}

function* addFile(hash: Hash, path: string, text: string): Steps<void> {
  let bytes = 0;
  for (const piece of piecesOf(text)) {
    bytes += Buffer.byteLength(piece);
    yield;
  }
  hash.update(`${path}\0${bytes}\0`);
  for (const piece of piecesOf(text)) {
    hash.update(piece);
    yield;
  }
  hash.update('\0');
}

/** Characters: some tenths of a millisecond. */
const pieceLength = 1 << 16;

/** Line ends and a byte order mark are an editor's business: they do not make another rule set. */
function* piecesOf(text: string): Generator<string> {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const end = wholeEnd(text, at + pieceLength);
    yield text.slice(at, end).replaceAll('\r\n', '\n');
    at = end;
  }
}

/** Not within a pair of surrogates, nor between the two characters of a line end. */
function wholeEnd(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  const isOpen = last === 0x0d || (last >= 0xd800 && last <= 0xdbff);
  return isOpen && end < text.length ? end + 1 : end;
}
