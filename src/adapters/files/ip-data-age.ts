import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readTableFile } from './ip-data-table-file.js';

export interface IpTableAge {
  readonly name: 'asn' | 'country';
  /** What `data update` has put in place, or what came with the package. */
  readonly from: 'update' | 'package';
  readonly at: Date;
  /** An update is there and cannot be used. */
  readonly isDamaged: boolean;
}

const packageNames = { asn: '@ip-location-db/asn', country: '@ip-location-db/geo-whois-asn-country-mmdb' } as const;

/** Which tables the next start will use, and how old they are. */
export const ipTableAges = (dataDir: string): Promise<readonly IpTableAge[]> =>
  Promise.all((['asn', 'country'] as const).map((name) => ageOf(name, dataDir)));

async function ageOf(name: IpTableAge['name'], dataDir: string): Promise<IpTableAge> {
  const file = join(dataDir, 'ip', `${name}.table`);
  const found = await stat(file).catch(() => undefined);
  const isUsable = found !== undefined && (await readTableFile(file)) !== undefined;
  if (isUsable) return { name, from: 'update', at: found.mtime, isDamaged: false };
  return { name, from: 'package', at: packageDate(packageNames[name]), isDamaged: found !== undefined };
}

/** These packages carry their date: `2.3.2026061719`. */
function packageDate(name: string): Date {
  const { version }: { readonly version: string } = createRequire(import.meta.url)(`${name}/package.json`);
  const [, year = '1970', month = '01', day = '01'] = /(\d{4})(\d{2})(\d{2})\d*$/.exec(version) ?? [];
  return new Date(`${year}-${month}-${day}T00:00:00Z`);
}
