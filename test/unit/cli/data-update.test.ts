import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type DataSource, dataSource } from '../../../src/adapters/files/data-source.js';
import { openIpData } from '../../../src/adapters/files/ip-data.js';
import { readTableFile } from '../../../src/adapters/files/ip-data-table-file.js';
import { updateData } from '../../../src/adapters/files/update-data.js';

let root = '';
let servers: Server[] = [];
const at = (...parts: string[]): string => join(root, ...parts);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'portcullis-update-'));
  await mkdir(at('rules', 'lists'), { recursive: true });
  await mkdir(at('from', 'lists'), { recursive: true });
});
afterEach(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  servers = [];
  await rm(root, { recursive: true, force: true });
});

const update = (source: DataSource) =>
  updateData(source, { rulesDir: at('rules'), dataDir: at('data'), today: '2026-11-21', from: 'trial' });

/** Serves the files by path; everything else is 404. */
async function serve(files: Readonly<Record<string, string>>): Promise<string> {
  const server = createServer((request, response) => {
    const body = files[request.url ?? ''];
    response.statusCode = body === undefined ? 404 : body === 'FAIL' ? 500 : 200;
    response.end(body ?? 'no such file');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/data`;
}

describe('data update', () => {
  it('puts plain lists and tables in place and says what changed', async () => {
    await writeFile(at('rules', 'lists', 'vpn.txt'), '# source: old\n198.51.100.0/24\n');
    await writeFile(at('from', 'lists', 'vpn.txt'), '192.0.2.0/24\n203.0.113.0/24 # inline\n');
    await writeFile(at('from', 'hosting_asns.txt'), 'AS64500\n');
    await writeFile(at('from', 'asn.csv'), '192.0.2.0,192.0.2.255,64500,Example\n');
    const report = await update(dataSource(at('from')));
    expect(report.problems).toEqual([]);
    expect(report.changed).toEqual([
      'vpn.txt: 1 to 2 entries',
      'hosting_asns.txt: 0 to 1 entries',
      'asn.csv: 1 networks',
    ]);
    expect(report.notes).toContain('a service that runs goes on with the IP tables and databases it has: restart it');
    expect(await readFile(at('rules', 'lists', 'vpn.txt'), 'utf8')).toBe(
      '# source: trial\n# date: 2026-11-21\n# type: cidr\n192.0.2.0/24\n203.0.113.0/24 # inline\n',
    );
    expect((await readTableFile(at('data', 'ip', 'asn.table')))?.payloads).toEqual(['64500 Example']);
    expect((await update(dataSource(at('from')))).unchanged).toEqual(['vpn.txt', 'hosting_asns.txt']);
  });

  it('changes nothing when one file is bad, and says what and where', async () => {
    await writeFile(at('from', 'tor.txt'), '198.51.100.7\n');
    await writeFile(at('from', 'vpn.txt'), '# source: us\n192.0.2.0/24\nnonsense\n');
    await writeFile(at('from', 'relay.txt'), 'AS64500\n');
    await writeFile(at('from', 'broken.mmdb'), 'no database');
    const report = await update(dataSource(at('from')));
    expect(report.changed).toEqual([]);
    expect(report.problems).toHaveLength(3);
    expect(report.problems[0]).toMatch(/^vpn\.txt:3:1: expected an address or a range/);
    expect(report.problems[1]).toMatch(/^relay\.txt:1:1: /);
    expect(report.problems[2]).toMatch(/^broken\.mmdb: not a usable/);
    expect(await readdir(at('rules', 'lists'))).toEqual([]);
  });

  it('doubts a table that holds less than half of what was there, and says nothing of lists', async () => {
    const network = (n: number) => `192.0.${n}.0,192.0.${n}.255,${64_500 + n},Example\n`;
    const networks = (count: number) => Array.from({ length: count }, (_, n) => network(n)).join('');
    const notesAfter = async (csv: string) => {
      await writeFile(at('from', 'asn.csv'), csv);
      return (await update(dataSource(at('from')))).notes;
    };
    // What comes with the package is larger by far.
    expect((await notesAfter(networks(100)))[0]).toMatch(
      /^asn\.csv holds 100 networks, the table before it \d{5}: is it whole/,
    );
    expect(await notesAfter(networks(60))).toHaveLength(1);
    expect((await notesAfter(networks(1)))[0]).toBe('asn.csv holds 1 networks, the table before it 60: is it whole?');
    await rm(at('from', 'asn.csv'));
    await writeFile(at('from', 'tor.txt'), '198.51.100.7\n');
    expect((await update(dataSource(at('from')))).notes).toEqual([]);
  });

  it('tells at the next start of a table that is damaged', async () => {
    await writeFile(at('from', 'asn.csv'), '192.0.2.0,192.0.2.255,64500,Example\n');
    await update(dataSource(at('from')));
    const warned: object[] = [];
    const log = { info: () => undefined, warn: (fields: object) => void warned.push(fields) };
    await openIpData({ dataDir: at('data'), log });
    expect(warned).toEqual([]);
    const file = at('data', 'ip', 'asn.table');
    await writeFile(file, (await readFile(file)).subarray(0, -1));
    await openIpData({ dataDir: at('data'), log });
    expect(warned).toEqual([{ file }]);
  });

  it('fetches the same names from a web address', async () => {
    const base = await serve({
      '/data/lists/tor.txt': '198.51.100.7\n',
      '/data/country.csv': '192.0.2.0,192.0.2.255,US\n',
    });
    expect((await update(dataSource(base))).changed).toEqual(['tor.txt: 0 to 1 entries', 'country.csv: 1 countries']);
    expect(await readFile(at('rules', 'lists', 'tor.txt'), 'utf8')).toContain('198.51.100.7');
  });

  it('changes nothing when the web address fails or sends too much', async () => {
    const failing = await serve({ '/data/lists/tor.txt': '198.51.100.7\n', '/data/lists/vpn.txt': 'FAIL' });
    expect((await update(dataSource(failing))).problems[0]).toMatch(/^vpn\.txt: .* answered 500$/);
    const large = await serve({ '/data/lists/tor.txt': '198.51.100.7\n'.repeat(100) });
    const report = await update(dataSource(large, { timeoutMs: 5000, maxBytes: 100 }));
    expect(report.problems[0]).toMatch(/larger than 100 bytes/);
    expect(await readdir(at('rules', 'lists'))).toEqual([]);
  });
});
