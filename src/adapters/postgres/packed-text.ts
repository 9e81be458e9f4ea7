import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { createGzip } from 'node:zlib';

/** Characters between two pauses: some tenths of a millisecond. */
const pieceLength = 1 << 16;

/** Others have a turn after each piece but the last. */
async function* pieces(text: string): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; ) {
    const end = wholeEnd(text, at + pieceLength);
    yield Buffer.from(text.slice(at, end));
    at = end;
    if (at < text.length) await setImmediate();
  }
}

/** Not within a pair of surrogates. */
function wholeEnd(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  return end < text.length && last >= 0xd800 && last <= 0xdbff ? end + 1 : end;
}

/** `textDigest` of a text that may have twenty megabytes. */
export async function longTextDigest(text: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces(text)) hash.update(piece);
  return hash.digest('base64url');
}

/** The text by gzip, as base64. */
export async function packedText(text: string): Promise<string> {
  const gzip = createGzip();
  const written = write(text, gzip);
  const parts: string[] = [];
  let rest = Buffer.alloc(0);
  for await (const part of gzip) {
    const bytes = Buffer.concat([rest, part]);
    // Base64 ends where three bytes do.
    const whole = bytes.length - (bytes.length % 3);
    parts.push(bytes.toString('base64', 0, whole));
    rest = bytes.subarray(whole);
  }
  await written;
  return parts.join('') + rest.toString('base64');
}

async function write(text: string, to: NodeJS.WritableStream): Promise<void> {
  for await (const piece of pieces(text))
    if (!to.write(piece)) await new Promise<void>((resolve) => to.once('drain', () => resolve()));
  to.end();
}
