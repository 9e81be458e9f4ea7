import { constants, setPriority } from 'node:os';
import { MessageChannel, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type Pace, runInSlices } from '../../../model/steps.js';
import { recordRuleSet } from '../../../ruleset/rule-set-record.js';
import { type LoadedFolder, RulesFolder } from '../open-rules.js';
import { type HandedOver, handedOver, nothingYet, piecesOf } from './hand-over.js';
import type { LoadingData, LoadReply, LoadRequest } from './load-messages.js';
import { SameThreadLoader } from './same-thread-loader.js';

/** Nobody else has work here: slices end only to hear that the load is overtaken. */
const pace: Pace = {
  elapsed: () => performance.now(),
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  sliceMs: 10,
};

/**
 * Where cores are few, decisions go first. Linux keeps a priority for each thread, and 0 is the one that asks; elsewhere it
 * would be the whole service's.
 */
function standBack(): void {
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
}

/** Reads, checks and lints the rules folder in a thread of its own, and hands over what the service's thread needs of it. */
class LoadingThread {
  private readonly folder: RulesFolder;
  private readonly loader: SameThreadLoader;
  private latest = 0;
  private stopped = 0;
  private last: { readonly load: number; readonly loaded: LoadedFolder } | undefined;
  private handedOver: { readonly load: number; readonly has: HandedOver } | undefined;
  private queue: Promise<void> = Promise.resolve();
  private isPractised = false;

  constructor(
    private readonly port: MessagePort,
    private readonly data: LoadingData,
  ) {
    this.folder = new RulesFolder(data.folder, 'when_asked');
    this.loader = new SameThreadLoader(this.folder, data.dataDir, pace);
  }

  hear(request: LoadRequest): void {
    if (request.kind === 'load') this.latest = request.load;
    if (request.kind === 'stop') this.stopped = request.load;
    else this.queue = this.queue.then(() => this.answer(request));
    // Warnings are the last that is asked of a load: nobody waits now.
    if (request.kind === 'lint' || request.kind === 'warm') this.queue = this.queue.then(() => this.practise());
  }

  /**
   * Once, everything is read as if it were new, and forgotten: by then the compiler knows its way, and the next load of all
   * files takes two thirds of the time.
   */
  private async practise(): Promise<void> {
    if (this.isPractised) return;
    const { latest } = this;
    const { folder, dataDir } = this.data;
    const aside = new SameThreadLoader(new RulesFolder(folder, 'when_asked'), dataDir, pace);
    const isOvertaken = (): boolean => this.latest > latest;
    // What is wrong with the folder is told by whoever loads it.
    const loaded = await aside.load(isOvertaken).catch(() => undefined);
    if (loaded?.ruleSet !== undefined) await runInSlices(recordRuleSet(loaded.ruleSet), { ...pace, isOvertaken });
    this.isPractised = !isOvertaken();
  }

  private async answer(request: LoadRequest): Promise<void> {
    const { kind, load } = request;
    try {
      const { pieces, ...reply } = await this.carryOut(request);
      this.port.postMessage({ kind, load, ...reply, pieces } satisfies LoadReply, pieces === undefined ? [] : [pieces]);
    } catch (error) {
      const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.port.postMessage({ kind, load, failure } satisfies LoadReply);
    }
  }

  private async carryOut(request: LoadRequest): Promise<Pick<LoadReply, 'pieces' | 'warnings'>> {
    const { load } = request;
    if (request.kind === 'load') return { pieces: await this.load(load, request.base) };
    if (request.kind === 'warm') return this.warm();
    const loaded = this.last?.load === load ? this.last.loaded : undefined;
    if (loaded === undefined) return {};
    if (request.kind === 'lint') return { warnings: await this.loader.lint(loaded, () => this.isOvertaken(load)) };
    await this.loader.keep(loaded);
    return {};
  }

  private async warm(): Promise<Record<string, never>> {
    const loaded = await this.loader.load(() => this.latest > 0);
    const steps = loaded?.ruleSet && recordRuleSet(loaded.ruleSet);
    if (steps !== undefined) await runInSlices(steps, { ...pace, isOvertaken: () => this.latest > 0 });
    return {};
  }

  private isOvertaken(load: number): boolean {
    return load < this.latest || load <= this.stopped;
  }

  private async load(load: number, base: number | undefined): Promise<MessagePort | undefined> {
    const isOvertaken = (): boolean => this.isOvertaken(load);
    const loaded = await this.loader.load(isOvertaken);
    if (loaded === undefined) return undefined;
    const { ruleSet } = loaded;
    const record = ruleSet && (await runInSlices(recordRuleSet(ruleSet), { ...pace, isOvertaken }));
    if (isOvertaken()) return undefined;
    const before = base !== undefined && this.handedOver?.load === base ? this.handedOver.has : nothingYet;
    const set = record && { record, now: handedOver(loaded.files, record) };
    const { port1, port2 } = new MessageChannel();
    const { lists } = this.folder.memory;
    for (const piece of piecesOf({ loaded, set, lists, before })) port1.postMessage(piece);
    this.last = { load, loaded };
    if (set !== undefined) this.handedOver = { load, has: set.now };
    return port2;
  }
}

if (parentPort !== null) {
  standBack();
  // What whoever started this thread gave it.
  const thread = new LoadingThread(parentPort, workerData);
  parentPort.on('message', (request: LoadRequest) => thread.hear(request));
}
