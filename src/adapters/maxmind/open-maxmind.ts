import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Reader, type Response } from 'maxmind';
import type { IpAttributes } from '../../signals/ip-intelligence.js';
import { geoIpRecords } from './geoip-record.js';
import { attributesOfRecord } from './record-attributes.js';

export interface MaxMindDatabase {
  readonly file: string;
  readonly type: string;
  /** Never throws; an unknown address has no attributes. */
  lookup(address: string): IpAttributes;
}

export interface OpenedDatabases {
  readonly databases: readonly MaxMindDatabase[];
  /** One line for each file that could not be used. */
  readonly problems: readonly string[];
}

const nothing: IpAttributes = {};

/** Every `*.mmdb` of the folder, by the type it says it is; a broken file is skipped and told of. */
export async function openMaxMind(dir: string): Promise<OpenedDatabases> {
  let names: string[];
  try {
    names = (await readdir(dir)).filter((name) => name.toLowerCase().endsWith('.mmdb')).sort();
  } catch (error) {
    return { databases: [], problems: [`${dir}: cannot be read (${reasonOf(error)})`] };
  }
  const databases: MaxMindDatabase[] = [];
  const problems: string[] = [];
  const opened = await Promise.all(names.map((name) => openDatabase(join(dir, name))));
  for (const one of opened) {
    if (typeof one === 'string') problems.push(one);
    else databases.push(one);
  }
  return { databases, problems };
}

/** The database, or one line that says what is wrong with the file. */
export async function openDatabase(file: string): Promise<MaxMindDatabase | string> {
  try {
    const content = await readFile(file);
    const reader = new Reader<Response>(content);
    const { databaseType: type, ipVersion } = reader.metadata;
    const read = geoIpRecords(content, type) ?? ((address: string): unknown => reader.get(address));
    // Broken trees and pointers show when something is looked up.
    for (const probe of probes) reader.get(probe);
    return { file, type, lookup: (address) => lookup({ read, type, ipVersion }, address) };
  } catch (error) {
    return `${file}: not a usable MaxMind database (${reasonOf(error)})`;
  }
}

const probes = ['1.1.1.1', '8.8.8.8', '81.2.69.142', '175.16.199.1', '203.0.113.7'];

interface Opened {
  readonly read: (address: string) => unknown;
  readonly type: string;
  readonly ipVersion: number;
}

function lookup({ read, type, ipVersion }: Opened, address: string): IpAttributes {
  // The reader would walk the first 32 bits of an IPv6 address and answer for somebody else.
  if (ipVersion === 4 && address.includes(':')) return nothing;
  try {
    return attributesOfRecord(read(address), type);
  } catch {
    // A broken record costs this answer only.
    return nothing;
  }
}

const reasonOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message).split('\n', 1).join('')
    : 'unknown';
