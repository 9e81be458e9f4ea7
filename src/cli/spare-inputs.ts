import { fstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './command-arguments.js';

/** What folders of rules and of IP data are read for. */
const readEndings = /\.(?:ya?ml|txt|csv|mmdb)$/;

const [standardInput, standardOutput] = [0, 1];

/** What a command reads and where it writes; `-` is the standard input, and the standard output. */
interface ReadAndWritten {
  readonly reads: readonly (string | undefined)[];
  readonly writes: string | undefined;
}

/** The output is a file, and none that is read: not under another name, and not through a link either. */
export function spareInputs({ reads, writes }: ReadAndWritten): void {
  const written = statOf(writes, standardOutput);
  if (writes === undefined || written === undefined) return;
  if (written.isDirectory()) throw new UsageError(`the output needs a file: '${writes}' is a folder`);
  if (!written.isFile()) return;
  const read = reads.find((path) => leadsTo(path, written));
  if (read !== undefined)
    throw new UsageError(`the output needs a file of its own: '${writes}' is what is read as '${read}'`);
}

function leadsTo(path: string | undefined, written: Stats): boolean {
  const found = statOf(path, standardInput);
  if (path === undefined || found === undefined) return false;
  if (!found.isDirectory()) return isSame(found, written);
  const inside = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) => readEndings.test(file));
  return inside.some((file) => isSame(statOf(join(path, file)), written));
}

const isSame = (one: Stats | undefined, other: Stats): boolean =>
  one?.isFile() === true && one.dev === other.dev && one.ino === other.ino;

function statOf(path: string | undefined, ofDash?: number): Stats | undefined {
  if (path === '-' && ofDash !== undefined) return fstatSync(ofDash);
  return path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
}
