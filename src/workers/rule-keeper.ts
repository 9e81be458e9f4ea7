import type { RuleActivity } from '../evaluate/rule-activity.js';
import type { RuleBook } from '../evaluate/rule-book.js';
import type { CountBatch, RecordedFuse, RuleLedger } from '../evaluate/rule-ledger.js';
import type { Clock, Instant } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startLoop } from './loop.js';

interface RuleKeeperPorts {
  readonly book: RuleBook;
  readonly ledger: RuleLedger;
  readonly clock: Clock;
  /** This process, by a name that no other has and that it loses when it ends. */
  readonly instance: string;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'ruleFuseBlown'>;
  readonly onLooked: () => void;
}

export interface RuleKeeper {
  /** The latest of what others know; before the first decision, and after a reset. */
  look(): Promise<void>;
  /** Writes what was counted, last of all. */
  stop(): Promise<void>;
}

const lookEveryMs = 2000;
const writeEveryMs = 5000;
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
/** A database that is gone is not waited for. */
const lastWriteMs = 3000;
const keepMs = 90 * 86_400_000;
const forgetEveryMs = 3_600_000;

/** In every instance: takes part in what all of them count, and follows fuses that have blown anywhere. */
export function startRuleKeeper(ports: RuleKeeperPorts): RuleKeeper {
  const trouble = saidOnce(ports.log);
  const look = trouble.watch(oneAfterAnother(createLook(ports)));
  const write = trouble.watch(createWrite(ports));
  const { onError } = trouble;
  const loops = [
    startLoop({ everyMs: lookEveryMs, work: look, onError }),
    startLoop({ everyMs: writeEveryMs, work: write, onError }),
  ];
  const finish = async (): Promise<void> => {
    await Promise.all(loops.map((loop) => loop.stop()));
    await look().catch(onError);
    await write().catch(onError);
  };
  return {
    look: async () => void (await look()),
    stop: () => Promise.race([finish(), pause(lastWriteMs)]),
  };
}

/** A reset asks for a look while the loop may be having one. */
function oneAfterAnother(work: () => Promise<boolean>): () => Promise<boolean> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** A database that is away is told of once, not every two seconds. */
function saidOnce(log: Logger) {
  let isTold = false;
  return {
    onError(error: unknown): void {
      if (!isTold) log.warn({ error }, 'what rules do could not be kept; it will be tried again');
      isTold = true;
    },
    watch: (work: () => Promise<boolean>) => async (): Promise<boolean> => {
      const more = await work();
      isTold = false;
      return more;
    },
  };
}

/** Does not keep a process alive that has nothing else to do. */
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** Own fuses that have blown are recorded first: what is looked up afterwards holds them. */
function createLook({
  book,
  ledger,
  clock,
  instance,
  log,
  metrics,
  onLooked,
}: RuleKeeperPorts): () => Promise<boolean> {
  let unrecorded: readonly RecordedFuse[] = [];
  let announced: RuleActivity | undefined;
  let known: ReadonlySet<string> = new Set();
  return async () => {
    unrecorded = [...unrecorded, ...book.takeBlown(instance)];
    while (unrecorded[0] !== undefined) {
      await ledger.blow(unrecorded[0]);
      unrecorded = unrecorded.slice(1);
    }
    const { activity } = book;
    if (activity !== undefined && activity !== announced) {
      await activity.define(breathe);
      await ledger.announce(activity.states(), clock.now());
      announced = activity;
    }
    const blown = await ledger.blownFuses();
    // One may have blown here meanwhile: it is not known there yet, and stays blown.
    unrecorded = book.takeBlown(instance);
    book.follow([...blown, ...unrecorded]);
    known = tell(
      blown.filter(({ rule }) => activity?.blownRules.has(rule)),
      known,
      { instance, log, metrics },
    );
    onLooked();
    return false;
  };
}

function tell(
  blown: readonly RecordedFuse[],
  known: ReadonlySet<string>,
  { instance, log, metrics }: Pick<RuleKeeperPorts, 'instance' | 'log' | 'metrics'>,
): ReadonlySet<string> {
  metrics.ruleFuseBlown.reset();
  for (const fuse of blown) {
    const { rule, definition } = fuse;
    metrics.ruleFuseBlown.set({ rule }, 1);
    const isNew = !known.has(`${rule} ${definition}`) && fuse.instance !== instance;
    if (isNew) log.error({ ...fuse }, "a rule's fuse has blown, here or on another instance: it is in shadow");
  }
  return new Set(blown.map(({ rule, definition }) => `${rule} ${definition}`));
}

/** What could not be written is sent again as it was: the ledger knows whether it had arrived. */
function createWrite({ book, ledger, clock, instance }: RuleKeeperPorts): () => Promise<boolean> {
  let number = 0;
  let waiting: CountBatch[] = [];
  let forgotten: Instant = 0;
  const send = async (): Promise<void> => {
    while (waiting[0] !== undefined) {
      await ledger.add(waiting[0]);
      waiting = waiting.slice(1);
    }
  };
  return async () => {
    const now = clock.now();
    await send();
    await book.activity?.define(breathe);
    waiting = inPieces(book.drain(now)).map((piece) => ({ writer: instance, batch: ++number, ...piece }));
    await send();
    if (now - forgotten < forgetEveryMs) return false;
    await ledger.forget(now - keepMs);
    forgotten = now;
    return false;
  };
}

type Piece = Omit<CountBatch, 'writer' | 'batch'>;

/** So that decisions can be written in between on the embedded database, which does one thing at a time. */
const rulesInPiece = 100;

function inPieces({ rules, exceptions, accounts }: Piece): Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < rules.length; from += rulesInPiece)
    pieces.push({ rules: rules.slice(from, from + rulesInPiece), exceptions: [], accounts: [] });
  if (exceptions.length + accounts.length > 0) pieces.push({ rules: [], exceptions, accounts });
  return pieces;
}
