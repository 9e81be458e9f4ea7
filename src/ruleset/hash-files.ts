import { createHash } from 'node:crypto';

/** Line ends and a byte order mark are an editor's business: they do not make another rule set. */
const normalise = (text: string): string => text.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n');

/** `sha256:…` over paths and texts, in the order of the paths. */
export function hashFiles(files: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const path of [...files.keys()].sort()) {
    const text = normalise(files.get(path) ?? '');
    hash.update(`${path}\0${Buffer.byteLength(text)}\0${text}\0`);
  }
  return `sha256:${hash.digest('hex')}`;
}
