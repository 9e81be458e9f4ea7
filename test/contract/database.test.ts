import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { openPglite } from '../../src/adapters/pglite/open-pglite.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { databaseContract } from './database.js';

describe('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());
  databaseContract(() => openPostgres(server.url, { callTimeoutMs: 5000 }));
});

describe('PGlite', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'portcullis-pglite-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));
  databaseContract(() => openPglite(dir));
});
