const form = /^[A-Z0-9_]+: (?<what>.+?), (?<call>\w+)(?: '(?<path>[^']*)'(?: -> '(?<target>[^']*)')?)?$/;

/**
 * What the system refused (a file that is not there, a full disk, a closed port), in one line; undefined for every other
 * error, which is a bug and shows its stack.
 */
export function systemErrorLine(error: unknown): string | undefined {
  const message = systemMessageOf(error);
  if (message === undefined) return undefined;
  const { what, call, path, target } = form.exec(message)?.groups ?? {};
  if (what === undefined || path === undefined) return message.split('\n', 1).join('');
  return `'${target ?? path}': ${what} (${call})`;
}

/** Some are wrapped: a fetch that failed, an address tried in several ways. */
function systemMessageOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 3) return undefined;
  if ('syscall' in error && 'code' in error && 'message' in error) return String(error.message);
  if ('errors' in error && Array.isArray(error.errors)) return systemMessageOf(error.errors[0], depth + 1);
  return 'cause' in error ? systemMessageOf(error.cause, depth + 1) : undefined;
}
