import { describe } from '@jest/globals';
import { pooledRandomBytes } from '../../src/adapters/crypto/random-bytes.js';
import { createSealer } from '../../src/adapters/crypto/sealer.js';
import { MemoryListEntries } from '../../src/adapters/memory/list-entries.js';
import { MemoryWebhooks } from '../../src/adapters/memory/webhooks.js';
import { SqlListEntries } from '../../src/adapters/postgres/list-entries.js';
import { SqlWebhooks } from '../../src/adapters/postgres/webhooks.js';
import { newId } from '../../src/model/ids.js';
import { usePglite, usePostgres } from '../support/test-databases.js';
import { listEntriesContract } from './list-entries.js';
import { webhooksContract } from './webhooks.js';

const clock = { now: () => Date.now() };
let at = Date.now();
const options = {
  sealer: createSealer('for tests'),
  newId: (prefix: Parameters<typeof newId>[0]) => newId(prefix, ++at, pooledRandomBytes),
};

describe('in memory', () => {
  describe('entries of lists', () => {
    const entries = new MemoryListEntries();
    listEntriesContract(() => entries);
  });
  describe('webhooks', () => {
    const webhooks = new MemoryWebhooks(clock);
    webhooksContract(() => webhooks);
  });
});

describe.each([
  ['PGlite', usePglite],
  ['PostgreSQL', () => usePostgres(64)],
])('on %s', (_name, use) => {
  const database = use();
  describe('entries of lists', () => listEntriesContract(() => new SqlListEntries(database())));
  describe('webhooks', () => webhooksContract(() => new SqlWebhooks(database(), options)));
});
