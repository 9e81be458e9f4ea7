import { afterAll, beforeAll, describe } from '@jest/globals';
import { MemoryAdmittedSample } from '../../src/adapters/memory/admitted-sample.js';
import { MemoryDecisionLog } from '../../src/adapters/memory/decision-log.js';
import { MemoryTruth } from '../../src/adapters/memory/memory-truth.js';
import { MemoryPastDecisions } from '../../src/adapters/memory/past-decisions.js';
import { SqlAdmittedSample } from '../../src/adapters/postgres/admitted-sample.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { migrate } from '../../src/adapters/postgres/migrate.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { SqlPastDecisions } from '../../src/adapters/postgres/past-decisions.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { laterVersion, usePglite } from '../support/test-databases.js';
import { admittedSampleContract } from './admitted-sample.js';
import { decisionLogContract } from './decision-log.js';
import { type PastDecisionsTruth, pastDecisionsContract } from './past-decisions.js';
import { sqlAdaptersContract } from './sql-adapters.js';
import { sqlDecisionLogContract } from './sql-decision-log.js';

/** Far from what a busy machine needs: these tests are about meaning, not time. */
const patient = { deadlineMs: 20_000 };

const labelSql = `insert into labels (account_id, label, source, observed_at, recorded_at, actor)
  values ($1, $2, 'test', $3, $3, 'test')`;

const storedDecisions = (database: Database): PastDecisionsTruth => ({
  log: new SqlDecisionLog(database, patient),
  past: new SqlPastDecisions(database),
  label: async (accountId, label, observedAt) => {
    await database.query(labelSql, [accountId, label, new Date(observedAt).toISOString()]);
  },
});

describe('The truth in memory', () => {
  const truth = new MemoryTruth();
  decisionLogContract(() => new MemoryDecisionLog(truth));
  pastDecisionsContract(() => ({
    log: new MemoryDecisionLog(truth),
    past: new MemoryPastDecisions(truth),
    label: async (accountId, label, observedAt) => {
      truth.addLabel({ accountId, label, observedAt, source: 'test', recordedAt: observedAt, actor: 'test' });
    },
  }));
  admittedSampleContract(() => ({ log: new MemoryDecisionLog(truth), sample: new MemoryAdmittedSample(truth) }));
});

describe('The truth on PGlite that a later version has migrated', () => {
  const database = usePglite(laterVersion);
  decisionLogContract(() => new SqlDecisionLog(database(), patient));
  sqlDecisionLogContract(database);
  sqlAdaptersContract(database);
  pastDecisionsContract(() => storedDecisions(database()));
  admittedSampleContract(() => ({
    log: new SqlDecisionLog(database(), patient),
    sample: new SqlAdmittedSample(database()),
  }));
});

describe('The truth on PostgreSQL', () => {
  let server: PostgresServer;
  let databases: Database[];
  beforeAll(async () => {
    server = await startPostgres();
    const open = () => openPostgres(server.url, { callTimeoutMs: 20_000 });
    databases = await Promise.all([open(), open()]);
    for (const database of databases) await migrate(database);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await server.stop();
  });
  let next = 0;
  const database = (): Database => {
    const chosen = databases[next++ % databases.length];
    if (chosen === undefined) throw new Error('no database is open');
    return chosen;
  };
  decisionLogContract(() => new SqlDecisionLog(database(), patient));
  sqlDecisionLogContract(database);
  sqlAdaptersContract(database);
  pastDecisionsContract(() => storedDecisions(database()));
  admittedSampleContract(() => ({
    log: new SqlDecisionLog(database(), patient),
    sample: new SqlAdmittedSample(database()),
  }));
});
