import { readFileSync } from 'node:fs';

/** The embedded database opens some seven hundred as it starts; every client is one, too. */
const leastOpenFiles = 1024;

/** What is wrong with the number of files that this process may open; undefined where it will do, or cannot be told. */
export const openFilesComplaint = (limits = readLimits()): string | undefined => {
  const limit = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? leastOpenFiles);
  return limit < leastOpenFiles
    ? `no more than ${limit} files may be open, connections among them: ${leastOpenFiles} are needed at least`
    : undefined;
};

export const openFilesRemedy = 'raise the limit (ulimit -n, LimitNOFILE of systemd)';

/** Node has raised the soft limit to the hard one by then. Only Linux tells. */
function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
