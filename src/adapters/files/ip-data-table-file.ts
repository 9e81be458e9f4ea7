import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AddressTable } from '../../lists/address-table.js';
import { V4Table } from '../../lists/v4-table.js';
import { V6Table } from '../../lists/v6-table.js';
import type { PayloadTable } from './ip-data-csv.js';
import { makeFolder } from './make-folder.js';

/**
 * A compiled table: 64 bytes of header, then 32-bit words in this machine's order.
 * Header: magic, format version, counts of v4 stretches, v6 stretches and payload bytes, 12 spare bytes, SHA-256 of the rest.
 * Rest: v4 starts, v4 values, v6 starts (four words each), v6 values, payloads as JSON.
 */
const headerBytes = 64;
/** Reads back wrong on a machine of the other byte order, so that its file is compiled again. */
const magic = 0x50434950;
const formatVersion = 1;

const bytesOf = (words: Uint32Array): Buffer => Buffer.from(words.buffer, words.byteOffset, words.byteLength);

function encode({ table, payloads }: PayloadTable): Buffer {
  const json = Buffer.from(JSON.stringify(payloads));
  const { v4, v6 } = table;
  const body = Buffer.concat([bytesOf(v4.starts), bytesOf(v4.values), bytesOf(v6.starts), bytesOf(v6.values), json]);
  const counts = Uint32Array.of(magic, formatVersion, v4.values.length, v6.values.length, json.length, 0, 0, 0);
  return Buffer.concat([bytesOf(counts), createHash('sha256').update(body).digest(), body]);
}

/** Written beside and renamed, so that readers find the old file or the new one, never half of it. */
export async function writeFileWhole(file: string, content: Uint8Array): Promise<void> {
  await makeFolder(dirname(file));
  const beside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(beside, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

export const writeTableFile = (file: string, table: PayloadTable): Promise<void> => writeFileWhole(file, encode(table));

/** Undefined when there is no such file, or it is of another format, cut or damaged: then it is compiled again. */
export async function readTableFile(file: string): Promise<PayloadTable | undefined> {
  try {
    return decode(await readFile(file));
  } catch {
    return undefined;
  }
}

function decode(content: Buffer): PayloadTable | undefined {
  // A copy of its own begins at an offset that 32-bit words need.
  const bytes = new Uint8Array(content);
  if (bytes.length < headerBytes) return undefined;
  const [found, version, v4Count = 0, v6Count = 0, jsonBytes = 0] = new Uint32Array(bytes.buffer, 0, 8);
  const body = bytes.subarray(headerBytes);
  if (found !== magic || version !== formatVersion || v4Count < 1 || v6Count < 1) return undefined;
  if (body.length !== (v4Count * 2 + v6Count * 5) * 4 + jsonBytes) return undefined;
  if (!createHash('sha256').update(body).digest().equals(content.subarray(32, headerBytes))) return undefined;
  let at = headerBytes;
  const words = (count: number): Uint32Array => {
    const taken = new Uint32Array(bytes.buffer, at, count);
    at += count * 4;
    return taken;
  };
  const v4 = new V4Table(words(v4Count), words(v4Count));
  const v6 = new V6Table(words(v6Count * 4), words(v6Count));
  const payloads: unknown = JSON.parse(Buffer.from(bytes.buffer, at, jsonBytes).toString());
  return Array.isArray(payloads) ? { table: new AddressTable(v4, v6), payloads } : undefined;
}
