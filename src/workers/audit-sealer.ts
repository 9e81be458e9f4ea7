import { type AuditHead, headText, isSameHead } from '../audit/audit-chain.js';
import type { AuditHeadNote, AuditSeal } from '../audit/audit-seal.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startLoop } from './loop.js';

interface AuditSealerPorts {
  readonly seal: AuditSeal;
  readonly note: AuditHeadNote;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'auditBroken'>;
  readonly everyMs?: number;
}

const usualEveryMs = 1000;
const noteEveryMs = 10_000;
const logEveryMs = 600_000;
const complainEveryMs = 60_000;

/** Does something at most so often; the first time at once. */
const atMostEvery = (ms: number, elapsed: () => number) => {
  let last = Number.NEGATIVE_INFINITY;
  return (): boolean => {
    if (elapsed() - last < ms) return false;
    last = elapsed();
    return true;
  };
};

/** Seals the audit trail behind the commits. Any number of instances may run one. */
export function startAuditSealer(ports: AuditSealerPorts): { stop(): Promise<void> } {
  const { seal, note, elapsed, log, metrics } = ports;
  const [isTimeToNote, isTimeToLog] = [atMostEvery(noteEveryMs, elapsed), atMostEvery(logEveryMs, elapsed)];
  const isTimeToComplain = atMostEvery(complainEveryMs, elapsed);
  let seen: AuditHead | undefined;
  let noted: AuditHead | undefined;
  let isRead = false;
  let isTold = false;
  const keep = async (): Promise<void> => {
    if (seen === undefined || isSameHead(seen, noted)) return;
    try {
      await note.write(seen);
      noted = seen;
    } catch (error) {
      // The log has it too.
      if (!isTold)
        log.warn({ error, place: note.place }, "the audit trail's head cannot be noted apart from the database");
      isTold = true;
    }
  };
  const work = async (): Promise<boolean> => {
    if (!isRead) seen = noted = await note.read();
    isRead = true;
    const done = await seal.seal(seen);
    if (done.kind === 'elsewhere') return false;
    metrics.auditBroken.set(done.kind === 'broken' ? 1 : 0);
    if (done.kind === 'broken') {
      const hint = `run 'portcullis audit verify'; if the database was restored on purpose, remove ${note.place}`;
      if (isTimeToComplain()) log.error({ detail: done.detail }, `the audit trail is not sealed any more: ${hint}`);
      return false;
    }
    const isNew = !isSameHead(seen, done.head);
    seen = done.head;
    if (isTimeToNote()) await keep();
    if (isNew && seen !== undefined && isTimeToLog()) log.info({ audit_head: headText(seen) }, 'audit trail sealed');
    return done.more;
  };
  const onError = (error: unknown): void => log.warn({ error }, 'the audit trail could not be sealed yet');
  const loop = startLoop({ everyMs: ports.everyMs ?? usualEveryMs, work, onError });
  return {
    async stop() {
      await loop.stop();
      await keep();
    },
  };
}
