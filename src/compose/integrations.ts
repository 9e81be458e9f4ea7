import { createAuditKey } from '../adapters/crypto/audit-key.js';
import { createEventSealer } from '../adapters/crypto/event-sealer.js';
import { createSealer } from '../adapters/crypto/sealer.js';
import type { HotStore } from '../adapters/embedded/open-hot-store.js';
import { auditHeadNote, notedHeads } from '../adapters/files/audit-head-note.js';
import { SqlAuditChain } from '../adapters/postgres/audit-chain.js';
import { SqlAuditSeal } from '../adapters/postgres/audit-seal.js';
import { SqlAuditTrail } from '../adapters/postgres/audit-trail.js';
import type { Database } from '../adapters/postgres/database.js';
import { SqlListEntries } from '../adapters/postgres/list-entries.js';
import { SqlSubjects } from '../adapters/postgres/subjects.js';
import { SqlWebhooks } from '../adapters/postgres/webhooks.js';
import { RedisAccountMemory } from '../adapters/redis/account-memory.js';
import { RedisEventLedger } from '../adapters/redis/event-ledger.js';
import { resolveName } from '../adapters/webhooks/resolve-public.js';
import { createWebhookSender } from '../adapters/webhooks/send-webhook.js';
import { verifyAudit } from '../audit/verify-audit.js';
import { ListDesk } from '../evaluate/list-desk.js';
import type { HttpServices } from '../http/http-services.js';
import type { VerificationServices } from '../http/verification-services.js';
import type { IdPrefix, RandomBytes } from '../model/ids.js';
import { type Clock, toIso } from '../model/time.js';
import type { OutboxItem } from '../outbox/outbox.js';
import { WebhookDesk } from '../outbox/webhook-desk.js';
import { webhookMessage } from '../outbox/webhook-message.js';
import type { WebhookMessage } from '../outbox/webhooks.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startAuditSealer } from '../workers/audit-sealer.js';
import { type ListFollower, startListFollower } from '../workers/list-follower.js';
import { startWebhookSender } from '../workers/webhook-sender.js';
import type { Rules } from './rules.js';

interface IntegrationsOptions {
  /** For people's requests: the one that waits rather than failing. */
  readonly database: Database;
  /** Its share for what goes on by itself. */
  readonly background: Database;
  readonly store: HotStore;
  readonly rules: Pick<Rules, 'live' | 'additions' | 'filesInUse'>;
  readonly pepper: string;
  readonly allowLoopback: boolean;
  /** Where the end of the audit trail is noted, apart from the database. */
  readonly auditPlace: { readonly dataDir: string; readonly databaseUrl: string | undefined };
  /** What identified somebody was deleted. */
  readonly onErased: () => void;
  readonly metrics: Metrics;
  readonly elapsed: () => number;
  /** Of the page where a held person does what is asked for. */
  readonly verificationLink: VerificationServices['linkFor'];
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly newId: (prefix: IdPrefix) => string;
  readonly log: Logger;
}

/** Lists that people add to, messages to other programs, and what can be asked about what is kept. */
export interface Integrations {
  readonly services: Pick<HttpServices, 'lists' | 'webhooks' | 'webhookDesk' | 'audit' | 'verifyAudit' | 'subjects'>;
  /** Of the relay. */
  announce(items: readonly OutboxItem[]): Promise<void>;
  /** Sends what is due; in processes that do work. */
  startSending(): { stop(): Promise<void> };
  /** Seals the audit trail; in processes that do work. */
  startSealing(): { stop(): Promise<void> };
  stop(): Promise<void>;
}

export async function composeIntegrations(options: IntegrationsOptions): Promise<Integrations> {
  const { database, background, store, rules, pepper, allowLoopback, clock, random, newId, log } = options;
  const entries = new SqlListEntries(database);
  const follower = startListFollower({
    entries: new SqlListEntries(background),
    additions: rules.additions,
    clock,
    log,
  });
  // Nothing is decided without what was added before.
  await follower.look();
  const webhooksIn = (which: Database): SqlWebhooks =>
    new SqlWebhooks(which, { sealer: createSealer(`webhooks:${pepper}`), newId });
  const [webhooks, sent] = [webhooksIn(database), webhooksIn(background)];
  const auditKey = createAuditKey(pepper);
  const headNote = auditHeadNote(options.auditPlace.dataDir, options.auditPlace.databaseUrl);
  let wake: () => void = () => undefined;
  return {
    services: {
      lists: new ListDesk({
        inUse: () => ({ ruleSet: rules.live.snapshot().ruleSet, files: rules.filesInUse() }),
        entries,
        newId,
        onChange: () => void lookSoon(follower),
      }),
      webhooks,
      webhookDesk: new WebhookDesk({ webhooks, newId, random, allowLoopback }),
      audit: new SqlAuditTrail(database),
      async verifyAudit(given) {
        const noted = await notedHeads(headNote, given && { from: 'the head that was given', head: given });
        return verifyAudit(new SqlAuditChain(background), auditKey, noted);
      },
      subjects: new SqlSubjects({
        database,
        sealer: createEventSealer(pepper),
        memory: new RedisAccountMemory(store.relay, createSealer(pepper), { rejects: true }),
        ledger: new RedisEventLedger(store.relay),
        auditKey,
        onErased: options.onErased,
      }),
    },
    async announce(items) {
      const standing = await withoutUndecided(background, items);
      await sent.enqueue(standing.flatMap((item) => withLink(webhookMessage(item), options.verificationLink) ?? []));
      wake();
    },
    startSending() {
      const send = createWebhookSender({ resolve: resolveName, allowLoopback });
      const sender = startWebhookSender({ webhooks: sent, send, clock, log, metrics: options.metrics });
      wake = () => sender.wake();
      return { stop: () => sender.stop() };
    },
    startSealing: () =>
      startAuditSealer({
        seal: new SqlAuditSeal(background, auditKey, options.auditPlace.databaseUrl === undefined ? 50 : 400),
        note: headNote,
        elapsed: options.elapsed,
        log,
        metrics: options.metrics,
      }),
    stop: () => follower.stop(),
  };
}

/** Whoever asks a person to verify needs to know where. Made from the message's own time: a repeat says the same. */
function withLink(
  message: WebhookMessage | undefined,
  linkFor: VerificationServices['linkFor'],
): WebhookMessage | undefined {
  const accountId = message?.payload.account_id;
  if (message?.event !== 'verification.requested' || typeof accountId !== 'string') return message;
  const { url, expiresAt } = linkFor(accountId, message.at);
  return { ...message, payload: { ...message.payload, url, url_expires_at: toIso(expiresAt) } };
}

/** What fails is looked at again by itself. */
const lookSoon = (follower: ListFollower): Promise<void> => follower.look().catch(() => undefined);

/**
 * A decision of a case that was taken back within its time was never one; nor is it one that a case went into that of its ring,
 * which is closed without any.
 */
async function withoutUndecided(database: Database, items: readonly OutboxItem[]): Promise<readonly OutboxItem[]> {
  const decided = items.filter(({ kind }) => kind === 'case_decided');
  if (decided.length === 0) return items;
  const sql = `select id, decision from cases where id = any($1::text[]) and state = 'decided' and decision is not null`;
  const rows = await database.query<{ id: string; decision: string }>(sql, [decided.map(({ subject }) => subject)]);
  const decisions = new Map(rows.map(({ id, decision }) => [id, decision]));
  return items.filter(
    ({ kind, subject, payload }) => kind !== 'case_decided' || decisions.get(subject) === payload.decision,
  );
}
