import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { readLines } from '../adapters/files/read-lines.js';
import type { ReplayWorld } from '../adapters/replay/open-replay.js';
import type { HistoryReadings } from '../backtest/event-rows.js';
import { eventMark, HistoryBlock } from '../backtest/history-block.js';
import { historyInputs, historyParts } from '../backtest/history-needs.js';
import { watchReplay } from '../backtest/watch-replay.js';
import type { Reading } from '../model/value.js';
import type { LineProblem } from '../replay/read-event-line.js';
import { replayEvents } from '../replay/replay-events.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { fileIdentity } from './file-identity.js';

/** What the history of a file of events depends on, beside what rules decide. */
interface HistoryOf {
  readonly ruleSet: RuleSet;
  readonly file: string;
  readonly labels: string | undefined;
  /** Where IP data and lists come from. */
  readonly data: readonly (string | undefined)[];
  readonly horizonMs: number;
  /** Texts of the lists. */
  readonly lists: string;
  /** History that these very rules decided, and no others with the same definitions. */
  readonly exact: boolean;
}

const format = 1;

/** Changes when any of it does. */
export function historyKey({ ruleSet, file, labels, data, horizonMs, lists, exact }: HistoryOf): string {
  const parts = [
    format,
    fileIdentity(file),
    fileIdentity(labels),
    data.map(fileIdentity),
    horizonMs,
    lists,
    [...historyParts(ruleSet)].sort(),
  ];
  const rules = exact ? ruleSet.hash : null;
  return createHash('sha256')
    .update(JSON.stringify([...parts, rules]))
    .digest('hex')
    .slice(0, 24);
}

interface Header {
  readonly inputs: readonly string[];
  /** The rule set that decided it. */
  readonly ruleset: string;
}

interface HistoryRun {
  readonly world: ReplayWorld;
  readonly file: string;
  readonly labels: string | undefined;
  readonly horizonMs: number;
  /** True leaves the line out; to end there it throws. */
  readonly onBadLine: (problem: LineProblem, file: 'events' | 'labels') => true;
  /** True ends it. */
  readonly onBlock: (events: number) => boolean | Promise<boolean>;
}

/** Ends a replay that somebody has interrupted. */
class Interrupted extends Error {}

/** Replays the file once and keeps what each event's rules had before them. */
export async function recordHistory(run: HistoryRun, path: string): Promise<'complete' | 'interrupted'> {
  const { world, file, labels, horizonMs, onBadLine } = run;
  const inputs = historyInputs(world.ruleSet);
  const header: Header = { inputs: inputs.map(({ name }) => name), ruleset: world.ruleSet.hash };
  const writer = new HistoryWriter(path, header);
  const readings: Reading[] = [];
  const ports = watchReplay(
    world.ports(() => undefined),
    ({ draft }, { slots }) => {
      for (const [place, { slot }] of inputs.entries()) readings[place] = slots[slot];
      writer.add(draft.event_id, readings);
    },
  );
  try {
    await replayEvents(
      {
        events: readLines(file),
        labels: labels === undefined ? undefined : readLines(labels),
        horizonMs,
        onBadLine,
        async onBlock({ decisions }) {
          if (await run.onBlock(decisions)) throw new Interrupted();
        },
      },
      ports,
    );
    writer.close(true);
    return 'complete';
  } catch (failure) {
    writer.close(false);
    if (failure instanceof Interrupted) return 'interrupted';
    throw failure;
  }
}

/** Where history lies while it is being written, and after it was interrupted. */
export const unfinished = (path: string): string => `${path}.part`;

/** Takes its name when it is whole: half a history is never taken for one. */
class HistoryWriter {
  private readonly descriptor: number;
  private readonly block: HistoryBlock;

  constructor(
    private readonly path: string,
    header: Header,
  ) {
    this.descriptor = openSync(unfinished(path), 'w');
    this.block = new HistoryBlock(header.inputs.length);
    this.write(Buffer.from(JSON.stringify(header)));
  }

  add(eventId: string, readings: readonly Reading[]): void {
    this.block.add(eventId, readings);
    if (this.block.isFull) this.write(this.block.encode());
  }

  close(isWhole: boolean): void {
    if (this.block.rows > 0) this.write(this.block.encode());
    closeSync(this.descriptor);
    if (isWhole) renameSync(unfinished(this.path), this.path);
  }

  private write(bytes: Uint8Array): void {
    writeSync(this.descriptor, Uint8Array.from(Buffer.from(Uint32Array.of(bytes.length).buffer)));
    writeSync(this.descriptor, bytes);
  }
}

/** What was recorded, block by block. */
export class HistoryFile implements HistoryReadings {
  readonly header: Header;
  private readonly descriptor: number;
  private readonly block: HistoryBlock;
  private readonly size: number;
  private row = 0;
  private at = 0;
  private places: readonly { readonly column: number; readonly place: number }[] = [];

  constructor(path: string) {
    this.descriptor = openSync(path, 'r');
    this.size = fstatSync(this.descriptor).size;
    this.header = JSON.parse(new TextDecoder().decode(this.read() ?? new Uint8Array()));
    this.block = new HistoryBlock(this.header.inputs.length);
  }

  /** Says where in a row the inputs belong. */
  place(places: ReadonlyMap<string, number>): this {
    this.places = this.header.inputs.flatMap((name, column) => {
      const place = places.get(name);
      return place === undefined ? [] : [{ column, place }];
    });
    return this;
  }

  next(eventId: string, readings: Reading[]): boolean {
    if (this.row === this.block.rows && !this.readBlock()) return false;
    if (this.block.eventAt(this.row) !== eventMark(eventId))
      throw new Error('the history that was kept is not that of these events; remove it from the state folder');
    for (const { column, place } of this.places) readings[place] = this.block.reading(column, this.row);
    this.row++;
    return true;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private readBlock(): boolean {
    const bytes = this.read();
    if (bytes === undefined) return false;
    this.block.decode(bytes);
    this.row = 0;
    return this.block.rows > 0;
  }

  private read(): Uint8Array | undefined {
    if (this.at + 4 > this.size) return undefined;
    const length = this.bytes(4).readUInt32LE();
    return new Uint8Array(this.bytes(length));
  }

  private bytes(length: number): Buffer {
    const buffer = Buffer.alloc(length);
    readSync(this.descriptor, buffer, 0, length, this.at);
    this.at += length;
    return buffer;
  }
}
