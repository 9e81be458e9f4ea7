import { type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { type Pace, runInSlices, type Steps } from '../../../model/steps.js';
import type { LoadMemory } from '../../../ruleset/load-memory.js';
import { RestoreMemory, restoreRuleSet } from '../../../ruleset/restore-rule-set.js';
import type { RuleProblem } from '../../../ruleset/rule-problem.js';
import type { LoadedFolder } from '../open-rules.js';
import type { Piece } from './hand-over.js';
import type { LoadingData, LoadReply, LoadRequest } from './load-messages.js';
import type { RulesLoader } from './rules-loader.js';
import { listsRead, type TakenLists, takeLists } from './take-lists.js';
import { nothingBefore, type TakenBefore, takeOver } from './take-over.js';

const builtFile = new URL('./loading-thread.js', import.meta.url);

/** Whether a load is still wanted is looked at this often while the other thread works. Milliseconds. */
const askMs = 10;

interface OtherThread extends LoadingData {
  readonly pace: Pace;
  /** What was read in this thread at the start: what is still the same is not made again. */
  readonly first?: LoadMemory | undefined;
  /** The other thread is brought up, and reads the folder, after so long; the first load does not wait for that then. */
  readonly warmAfterMs: number;
  /** What the thread runs; by default what is built beside this file. */
  readonly threadFile?: URL | undefined;
}

/**
 * Loads in a thread of its own, with a heap and garbage of its own; this one only takes over what it needs to judge events,
 * in slices. The thread starts with the first load and stays; one that dies fails its load and the next one starts another.
 */
export class OtherThreadLoader implements RulesLoader {
  private readonly options: Omit<OtherThread, 'first' | 'warmAfterMs'>;
  private readonly warming: NodeJS.Timeout;
  private thread: Thread | undefined;
  private lastLoad = 0;
  private base: (TakenBefore & { readonly load: number }) | undefined;
  private lists: TakenLists;
  private first: LoadMemory | undefined;
  private readonly memory = new RestoreMemory();

  constructor({ first, warmAfterMs, ...options }: OtherThread) {
    this.options = options;
    this.first = first;
    this.lists = listsRead(first?.lists ?? new Map());
    // A thread that cannot be started is told of when it is needed.
    this.warming = setTimeout(() => void this.warm().catch(() => undefined), warmAfterMs);
    this.warming.unref();
  }

  async load(isOvertaken: () => boolean): Promise<LoadedFolder | undefined> {
    clearTimeout(this.warming);
    const load = ++this.lastLoad;
    const thread = this.running();
    const asking = setInterval(() => isOvertaken() && thread.tell({ kind: 'stop', load }), askMs);
    try {
      const { pieces } = await thread.ask({ kind: 'load', load, base: this.base?.load });
      if (pieces === undefined) return undefined;
      return await this.takeFrom(pieces, load, isOvertaken);
    } finally {
      clearInterval(asking);
    }
  }

  async keep(): Promise<void> {
    await this.running().ask({ kind: 'keep', load: this.lastLoad });
  }

  async lint(_loaded: LoadedFolder, isOvertaken: () => boolean): Promise<readonly RuleProblem[] | undefined> {
    const load = this.lastLoad;
    const thread = this.running();
    const asking = setInterval(() => isOvertaken() && thread.tell({ kind: 'stop', load }), askMs);
    try {
      return (await thread.ask({ kind: 'lint', load })).warnings;
    } finally {
      clearInterval(asking);
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.warming);
    await this.thread?.end();
  }

  private async warm(): Promise<void> {
    await this.running().ask({ kind: 'warm', load: 0 });
    await runInSlices(this.seeding(), this.options.pace);
  }

  private running(): Thread {
    if (this.thread?.isOver !== false) {
      this.thread = new Thread(this.options);
      this.base = undefined;
    }
    return this.thread;
  }

  private async takeFrom(pieces: MessagePort, load: number, isOvertaken: () => boolean) {
    try {
      return await runInSlices(this.taking(pieces, load), { ...this.options.pace, isOvertaken });
    } finally {
      pieces.close();
    }
  }

  private *seeding(): Steps<void> {
    const rules = this.first?.rules;
    this.first = undefined;
    if (rules !== undefined) yield* this.memory.seed(rules);
  }

  private *taking(pieces: MessagePort, load: number): Steps<LoadedFolder> {
    yield* this.seeding();
    const next = (): Piece | undefined => receiveMessageOnPort(pieces)?.message;
    const taken = yield* takeOver(next, this.base ?? nothingBefore);
    const { errors, warnings, files, set } = taken;
    if (set === undefined) return { files, errors, warnings };
    this.lists = takeLists(taken, this.lists);
    const lists = new Map([...this.lists].map(([name, { list }]) => [name, list]));
    const ruleSet = yield* restoreRuleSet(set.record, lists, this.memory);
    this.base = { load, files, record: set.record };
    return { files, ruleSet, errors, warnings };
  }
}

/** The other thread, and who waits for it. */
class Thread {
  private readonly worker: Worker;
  private readonly waiting = new Map<string, { resolve(reply: LoadReply): void; reject(error: Error): void }>();
  isOver = false;

  constructor({ folder, dataDir, threadFile = builtFile }: Pick<OtherThread, 'folder' | 'dataDir' | 'threadFile'>) {
    this.worker = new Worker(threadFile, { workerData: { folder, dataDir } satisfies LoadingData });
    // Rules that are being read keep nobody from stopping.
    this.worker.unref();
    this.worker.on('message', (reply: LoadReply) => this.settle(reply));
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('the thread that loads rules has ended')));
  }

  tell(request: LoadRequest): void {
    this.worker.postMessage(request);
  }

  ask(request: LoadRequest): Promise<LoadReply> {
    if (this.isOver) return Promise.reject(new Error('the thread that loads rules has ended'));
    return new Promise((resolve, reject) => {
      this.waiting.set(`${request.kind} ${request.load}`, { resolve, reject });
      this.tell(request);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private settle(reply: LoadReply): void {
    const key = `${reply.kind} ${reply.load}`;
    const asked = this.waiting.get(key);
    this.waiting.delete(key);
    if (reply.failure === undefined) asked?.resolve(reply);
    else asked?.reject(new Error(reply.failure));
  }

  private fail(error: unknown): void {
    this.isOver = true;
    const cause = error instanceof Error ? error : new Error(String(error));
    for (const { reject } of this.waiting.values()) reject(cause);
    this.waiting.clear();
  }
}
