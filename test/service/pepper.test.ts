import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../support/service.js';

let service: Service;
let pepper: string;
beforeAll(async () => {
  service = await startService();
  await service.stop();
  pepper = join(service.dataDir, 'secrets', 'identifier-pepper');
}, 180_000);
afterAll(() => service?.remove());

describe('the pepper of an installation', () => {
  it('has to be the one that the stored identifiers were hashed with', async () => {
    await rm(pepper);
    await expect(service.start()).rejects.toThrow();
    expect(service.output).toMatch(/IDENTIFIER_PEPPER: this database was filled with another pepper/);
  }, 180_000);

  it('is none where its file is empty: no start takes nothing for a secret', async () => {
    await writeFile(pepper, '');
    await expect(service.start()).rejects.toThrow();
    expect(service.output).toMatch(/secrets\/identifier-pepper is empty and is no secret: put it back from a copy/);
  }, 180_000);
});
