import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where newer data comes from: a folder, or the base of a web address. */
export interface DataSource {
  /** Undefined when the source has no such file; throws when it cannot be read. */
  read(name: string): Promise<Buffer | undefined>;
  /** Names of `*.mmdb`; a web address cannot be listed and gives none. */
  databases(): Promise<readonly string[]>;
}

interface WebLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

const usualLimits: WebLimits = { timeoutMs: 60_000, maxBytes: 512 * 1024 * 1024 };

export function dataSource(from: string, limits: WebLimits = usualLimits): DataSource {
  return /^https?:\/\//i.test(from) ? webSource(from, limits) : folderSource(from);
}

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

/** List files may lie in `lists/` or beside the tables. */
function folderSource(folder: string): DataSource {
  return {
    async read(name) {
      try {
        return await readFile(join(folder, name));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    databases: async () => (await readdir(folder)).filter((name) => name.endsWith('.mmdb')).sort(),
  };
}

function webSource(base: string, limits: WebLimits): DataSource {
  const root = base.endsWith('/') ? base : `${base}/`;
  return {
    read: (name) => download(new URL(name, root), limits),
    databases: async () => [],
  };
}

async function download(url: URL, { timeoutMs, maxBytes }: WebLimits): Promise<Buffer | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (response.status === 404 || response.status === 410) {
    await response.body?.cancel();
    return undefined;
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`${url.href} answered ${response.status}`);
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > maxBytes) throw new Error(`${url.href} is larger than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
