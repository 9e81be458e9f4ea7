import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { addressTable } from '../../lists/address-table.js';
import type { IpAddress } from '../../model/ip-address.js';
import { rememberAnswers } from '../../model/remember-answers.js';
import { readCountryRanges } from '../maxmind/country-ranges.js';
import { type MaxMindDatabase, openDatabase, openMaxMind } from '../maxmind/open-maxmind.js';
import { type PayloadTable, parseRangeCsv, type RangeCsvKind } from './ip-data-csv.js';
import { readTableFile, writeTableFile } from './ip-data-table-file.js';

/** Network and country of addresses; synchronous, never throws. */
export interface IpTables {
  network(address: IpAddress): { readonly asn: number; readonly name: string } | undefined;
  country(address: IpAddress): string | undefined;
}

interface IpDataOptions {
  /** Compiled tables are kept in its folder `ip`. */
  readonly dataDir: string;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

interface OpenedIpData {
  readonly tables: IpTables;
  readonly databases: readonly MaxMindDatabase[];
  /** One line for each file that could not be used. */
  readonly problems: readonly string[];
}

const packages = createRequire(import.meta.url);
const packageFile = (name: string, file: string): string =>
  join(dirname(packages.resolve(`${name}/package.json`)), file);

/** `13335 Cloudflare, Inc.` */
const networkOf = rememberAnswers((payload) => {
  const space = payload.indexOf(' ');
  return { asn: Number(payload.slice(0, space)), name: payload.slice(space + 1) };
}, 10_000);

interface Sources {
  readonly networks: PayloadTable | undefined;
  readonly countries?: PayloadTable | undefined;
  /** Asked where there is no table of countries. */
  readonly countryDatabase?: MaxMindDatabase | undefined;
}

function ipTables({ networks, countries, countryDatabase }: Sources): IpTables {
  const at = (found: PayloadTable | undefined, address: IpAddress): string | undefined =>
    found?.payloads[found.table.lookup(address) - 1];
  return {
    network(address) {
      const payload = at(networks, address);
      return payload === undefined ? undefined : networkOf(payload);
    },
    country: (address) =>
      countries === undefined ? countryDatabase?.lookup(address.text).country : at(countries, address),
  };
}

/**
 * Tables from the packages that come with the product; `data update` puts newer ones in their place
 * (`<dataDir>/ip/asn.table`, `<dataDir>/ip/country.table`). The package's networks are compiled once for each version, by
 * the build or else by the first start.
 */
export async function openIpData({ dataDir, log }: IpDataOptions): Promise<IpTables> {
  const [updated, countries] = await Promise.all([
    readUpdated(updatedFile(dataDir, 'asn'), log),
    readUpdated(updatedFile(dataDir, 'country'), log),
  ]);
  const networks = updated ?? (await bundledNetworks({ dataDir, log }));
  return ipTables({ networks, ...(countries === undefined ? await bundledCountries(log) : { countries }) });
}

const updatedFile = (dataDir: string, kind: RangeCsvKind): string => join(dataDir, 'ip', `${kind}.table`);

async function readUpdated(file: string, log: IpDataOptions['log']): Promise<PayloadTable | undefined> {
  const table = await readTableFile(file);
  if (table === undefined && existsSync(file))
    log.warn({ file }, "this table is damaged and passed over for the package's: 'portcullis data update' replaces it");
  return table;
}

/** What a start finds: the last update, else the package's as it was built. */
export const tableInUse = async (kind: RangeCsvKind, dataDir: string): Promise<PayloadTable | undefined> =>
  (await readTableFile(updatedFile(dataDir, kind))) ??
  (await readTableFile(kind === 'asn' ? builtTableFile() : builtCountryFile()));

const countryFile = (name: string): string => packageFile('@ip-location-db/geo-whois-asn-country-mmdb', name);
const builtCountryFile = (): string => countryFile('portcullis.table');
const countryDatabaseFile = (): string => countryFile('geo-whois-asn-country.mmdb');

/** The table that the build has made of the package's database; without it the database itself, which is slower. */
async function bundledCountries(log: IpDataOptions['log']): Promise<Pick<Sources, 'countries' | 'countryDatabase'>> {
  const countries = await readTableFile(builtCountryFile());
  if (countries !== undefined) return { countries };
  const opened = await openDatabase(countryDatabaseFile());
  if (typeof opened !== 'string') return { countryDatabase: opened, countries };
  log.warn({}, opened);
  return { countries };
}

/** For the build, like the networks. */
export async function buildBundledCountries(): Promise<void> {
  if ((await readTableFile(builtCountryFile())) !== undefined) return;
  const payloads = new Map<string, number>();
  const ranges = (await readCountryRanges(countryDatabaseFile())).map(({ range, country }) => {
    const value = payloads.get(country) ?? payloads.size + 1;
    payloads.set(country, value);
    return { range, value };
  });
  await writeTableFile(builtCountryFile(), {
    table: addressTable(ranges, 'narrowest'),
    payloads: [...payloads.keys()],
  });
}

/** Beside the package, so that another version of it comes without. */
const builtTableFile = (): string => packageFile('@ip-location-db/asn', 'portcullis.table');

async function compileNetworks(): Promise<ReturnType<typeof parseRangeCsv>> {
  const sources = ['asn-ipv4.csv', 'asn-ipv6.csv'].map((name) => packageFile('@ip-location-db/asn', name));
  return parseRangeCsv(await Promise.all(sources.map((source) => readFile(source, 'utf8'))), 'asn');
}

/** For the build: compiling takes seconds, which the first start should not. */
export async function buildBundledNetworks(): Promise<void> {
  if ((await readTableFile(builtTableFile())) !== undefined) return;
  const parsed = await compileNetworks();
  if (parsed.ok) await writeTableFile(builtTableFile(), parsed.value);
}

async function bundledNetworks({ dataDir, log }: IpDataOptions): Promise<PayloadTable | undefined> {
  const { version } = packages('@ip-location-db/asn/package.json');
  const file = join(dataDir, 'ip', `bundled-asn-${version}.table`);
  const compiled = (await readTableFile(builtTableFile())) ?? (await readTableFile(file));
  if (compiled !== undefined) return compiled;
  const parsed = await compileNetworks();
  if (!parsed.ok) {
    log.warn({}, `the bundled network table is broken: line ${parsed.error[0]?.line}: ${parsed.error[0]?.message}`);
    return undefined;
  }
  try {
    await writeTableFile(file, parsed.value);
    log.info({ file }, 'compiled the table of networks');
  } catch (error) {
    // Only the next start is slower.
    log.warn({ file }, `the compiled table of networks cannot be kept: ${String(error)}`);
  }
  return parsed.value;
}

/** The folder of `--data DIR`: any of asn.csv, country.csv and *.mmdb; its lists are read with the rule set's. */
export async function openIpDataFrom(dir: string): Promise<OpenedIpData> {
  const names = new Set(await readdir(dir));
  const problems: string[] = [];
  const read = async (name: string, kind: RangeCsvKind): Promise<PayloadTable | undefined> => {
    if (!names.has(name)) return undefined;
    const file = join(dir, name);
    const parsed = parseRangeCsv([await readFile(file, 'utf8')], kind);
    if (parsed.ok) return parsed.value;
    problems.push(...parsed.error.map(({ line, message }) => `${file}:${line}: ${message}`));
    return undefined;
  };
  const [networks, countries, opened] = await Promise.all([
    read('asn.csv', 'asn'),
    read('country.csv', 'country'),
    openMaxMind(dir),
  ]);
  return {
    tables: ipTables({ networks, countries }),
    databases: opened.databases,
    problems: [...problems, ...opened.problems],
  };
}
