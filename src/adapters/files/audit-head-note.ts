import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { headText, parseHead } from '../../audit/audit-chain.js';
import type { AuditHeadNote } from '../../audit/audit-seal.js';
import type { NotedHead } from '../../audit/verify-audit.js';
import { writeFileWhole } from './ip-data-table-file.js';

/** A file for each database, named after its place: nothing that is written in it can turn us to another file. */
export function auditHeadNote(dataDir: string, databaseUrl: string | undefined): AuditHeadNote {
  const file = join(dataDir, 'audit', `head-${nameOf(databaseUrl)}`);
  return {
    place: file,
    async read() {
      const text = await readFile(file, 'utf8').catch(() => undefined);
      return text === undefined ? undefined : parseHead(text);
    },
    write: (head) => writeFileWhole(file, Buffer.from(`${headText(head)}\n`)),
  };
}

/** What the chain is compared with: the head that is noted here, and one that somebody kept elsewhere. */
export async function notedHeads(note: AuditHeadNote, kept: NotedHead | undefined): Promise<readonly NotedHead[]> {
  const head = await note.read();
  return [head === undefined ? undefined : { from: 'DATA_DIR', head }, kept].filter((one) => one !== undefined);
}

function nameOf(databaseUrl: string | undefined): string {
  if (databaseUrl === undefined) return 'embedded';
  const { hostname, port, pathname } = new URL(databaseUrl);
  return createHash('sha256')
    .update(`${hostname}:${port || '5432'}${pathname}`)
    .digest('hex')
    .slice(0, 16);
}
