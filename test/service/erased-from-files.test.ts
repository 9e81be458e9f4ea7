import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type Service, startService } from '../support/service.js';

/** Everything that stands in the files of a folder, one character a byte. */
async function bytesIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  // A server may have taken one away meanwhile.
  const read = (path: string) => readFile(path, 'latin1').catch(() => '');
  return (await Promise.all(files.map(({ parentPath, name }) => read(join(parentPath, name))))).join('\n');
}

const signup = (id: string) => ({
  type: 'signup',
  event_id: `evt_${id}`,
  account: { id: `acct_${id}`, organization: 'Org', plan: 'free' },
  ip: '203.0.113.9',
  email: { address: `${id}@mail.example` },
});

describe('what was erased', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  }, 120_000);
  afterAll(() => service.remove());

  const bytes = (): Promise<string> => bytesIn(service.dataDir);
  const saltsOf = (id: string, text: string): string[] => [
    ...new Set([...text.matchAll(new RegExp(`evt_${id}.acct_${id}.([\\w-]{22})`, 'gs'))].map(([, salt]) => salt ?? '')),
  ];
  /** Signed up, with a reason and a memory; the salts that files tell of. */
  const known = async (id: string): Promise<string[]> => {
    await service.evaluate(signup(id));
    await service.call('POST', `/v1/accounts/acct_${id}/hold`, { body: { reason: `reason-${id} Bob` } });
    let salts: string[] = [];
    await eventually(async () => {
      const text = await bytes();
      salts = saltsOf(id, text);
      return salts.length > 0 && text.includes(`reason-${id} Bob`);
    });
    return salts;
  };
  const erase = async (id: string) => {
    expect((await service.call('DELETE', `/v1/subjects/acct_${id}`)).status).toBe(200);
  };
  const isGone = async (id: string, salts: readonly string[]): Promise<boolean> => {
    const text = await bytes();
    return ![...salts, `reason-${id} Bob`].some((trace) => text.includes(trace));
  };

  it('is in no file of the embedded stores some seconds later', async () => {
    const salts = await known('early');
    const others = await known('stays');
    await erase('early');
    await eventually(() => isGone('early', salts), 30_000);
    // The stores go on, with everything else.
    expect(await isGone('stays', others)).toBe(false);
    expect((await service.gate({ accountId: 'acct_early' })).status).toBe(403);
    expect((await service.evaluate(signup('after'))).account_id).toBe('acct_after');
  }, 90_000);

  it('is in none when the service has stopped at once', async () => {
    const salts = await known('last');
    await erase('last');
    await service.stop();
    // A machine that is too busy for that in the seconds that a stop has says so, and does it at the next start.
    const isLate = service.output.includes('until the next start');
    const isLeft = !(await isGone('last', salts));
    await service.start();
    expect(isLeft && !isLate).toBe(false);
    await eventually(() => isGone('last', salts), 30_000);
  }, 90_000);

  it('is in none soon after the start that follows a kill', async () => {
    const salts = await known('killed');
    await erase('killed');
    await service.kill();
    await service.start();
    await eventually(() => isGone('killed', salts), 30_000);
  }, 90_000);
});
