import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createAuditKey } from './adapters/crypto/audit-key.js';
import { pepperCheck } from './adapters/crypto/identifier-hash.js';
import { openTruth } from './adapters/embedded/open-truth.js';
import { auditHeadNote, notedHeads } from './adapters/files/audit-head-note.js';
import { keptSecret, UnfitSecret } from './adapters/files/secrets.js';
import { SqlAuditChain } from './adapters/postgres/audit-chain.js';
import type { Database } from './adapters/postgres/database.js';
import { readPepperCheck, readTrialPepper } from './adapters/postgres/meta.js';
import { migrationState } from './adapters/postgres/migrate.js';
import { type AuditHead, headText, parseHead } from './audit/audit-chain.js';
import { type AuditReport, verifyAudit } from './audit/verify-audit.js';
import { askAuditReport } from './cli/ask-audit-report.js';
import { auditReportText } from './cli/audit-report-text.js';
import { defineCommand, print, printJson, UsageError } from './cli/command-arguments.js';
import { type Config, readConfig } from './config.js';

const usage = `usage: portcullis audit verify [--head COUNT:LINK] [--json]

Reads the whole audit trail (DATABASE_URL; where the store is embedded it asks the service that runs, or else opens DATA_DIR)
and tells of rows that were changed, deleted, moved or added after they were sealed, and of an end that was cut off.
  --head  a head that an earlier run or the log has told: the chain has to lead through it
Changes nothing. Exit status: 0 when nothing is wrong, else 1.`;

/** `audit verify` */
export const run = defineCommand({
  usage,
  options: { head: { type: 'string' }, json: { type: 'boolean' } },
  async run(args, environment) {
    const given = args.text('head');
    const noted = given === undefined ? undefined : parseHead(given);
    if (given !== undefined && noted === undefined) throw new UsageError('--head: expected COUNT:LINK');
    const read = readConfig(environment);
    if (!read.ok) throw new UsageError(read.lines.join('\nportcullis: '));
    const report = await reportOf(read.config, noted);
    if (args.flag('json')) printJson(inWords(report));
    else print(auditReportText(report));
    return report.ok ? 0 : 1;
  },
});

const inWords = ({ comparedWith, ...report }: AuditReport) => ({ ...report, compared_with: comparedWith });

/** The embedded database is open in one process only: the service's, while it runs. */
async function reportOf(config: Config, noted: AuditHead | undefined): Promise<AuditReport> {
  if (config.DATABASE_URL === undefined) {
    const asked = await askAuditReport(config, noted === undefined ? undefined : headText(noted));
    if (asked !== undefined) return asked;
    if (!existsSync(join(config.DATA_DIR, 'postgres')))
      throw new UsageError(`there is no database in ${config.DATA_DIR}: set DATABASE_URL or DATA_DIR`);
  }
  const { DATABASE_URL: databaseUrl, DATA_DIR: dataDir } = config;
  const truth = await openTruth({ databaseUrl, dataDir, onConnectionError: () => undefined }).catch(
    (error: unknown) => {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    },
  );
  try {
    return await verifyIn(truth.patient, config, noted);
  } catch (error) {
    throw error instanceof UnfitSecret ? new UsageError(error.message) : error;
  } finally {
    await truth.close();
  }
}

async function verifyIn(database: Database, config: Config, given: AuditHead | undefined): Promise<AuditReport> {
  const { pending, applied } = await migrationState(database);
  if (applied === 0 || pending.some((name) => name <= '0018_audit_links.sql'))
    throw new UsageError("the database is of an older version: 'portcullis migrate' first");
  const pepper = await pepperOf(database, config);
  const note = auditHeadNote(config.DATA_DIR, config.DATABASE_URL);
  const noted = await notedHeads(note, given && { from: '--head', head: given });
  return verifyAudit(new SqlAuditChain(database), createAuditKey(pepper), noted);
}

/** Only looked for: a pepper that is made now would fit nothing. */
async function pepperOf(database: Database, { IDENTIFIER_PEPPER, DATABASE_URL, DATA_DIR }: Config): Promise<string> {
  const pepper =
    IDENTIFIER_PEPPER ??
    (DATABASE_URL === undefined ? await keptSecret(DATA_DIR, 'identifier-pepper') : await readTrialPepper(database));
  if (pepper === undefined) throw new UsageError('IDENTIFIER_PEPPER: set the one that the service has');
  const expected = await readPepperCheck(database);
  if (expected !== undefined && expected !== pepperCheck(pepper))
    throw new UsageError('IDENTIFIER_PEPPER: this database was filled with another pepper');
  return pepper;
}
