import { isMailDomain } from '../lists/ascii-domain.js';
import { builtInLists, mailLists } from '../lists/built-in-lists.js';
import type { KeptListEntry, ListActor, ListEntries } from '../lists/list-entries.js';
import { parseListEntry, plainValue } from '../lists/list-entry.js';
import type { IdPrefix } from '../model/ids.js';
import { rangeText } from '../model/ip-address.js';
import type { ListKind } from '../model/list.js';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { letsThroughBy } from './lets-through.js';
import { type FileEntry, findInListFile, listFilePage } from './list-file-entries.js';

interface ListSummary {
  readonly name: string;
  readonly kind: ListKind;
  /** What rules see: of the file, and what was added. */
  readonly size: number;
  readonly added: number;
  readonly pending: number;
  /** Relative to the rules directory; null for a built-in list that has no file. */
  readonly file: string | null;
  readonly source: string;
  readonly date: string;
  /** A rule or an exception lets accounts through by it: what one person adds, another confirms. */
  readonly fourEyes: boolean;
  /** Rules whose condition or exceptions read it. */
  readonly readBy: readonly string[];
}

interface ListInUse {
  readonly ruleSet: RuleSet;
  /** Texts by path. */
  readonly files: ReadonlyMap<string, string>;
}

interface ListDeskPorts {
  readonly inUse: () => ListInUse;
  readonly entries: ListEntries;
  readonly newId: (prefix: IdPrefix) => string;
  /** Something has changed: rules are to read it at once. */
  readonly onChange: () => void;
}

interface AddToList extends ListActor {
  readonly list: string;
  readonly value: string;
  readonly reason: string;
  readonly expiresAt: Instant | null;
}

interface EntriesQuery {
  readonly list: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly now: Instant;
}

interface EntriesPage<T> {
  readonly entries: readonly T[];
  readonly nextCursor: string | null;
}

/** Beyond that an entry belongs into the file. */
const mostAdded = 20_000;
const expected: Readonly<Record<ListKind, string>> = {
  value: 'a value of at most 512 characters, without line breaks',
  cidr: 'an address or a range such as 192.0.2.0/24',
  asn: 'an AS number such as AS64500',
};

const notOfMail = 'expected a domain of mail such as mail.example';

/** Lists as people work with them: what the files say, and what was added to it. */
export class ListDesk {
  constructor(private readonly ports: ListDeskPorts) {}

  async all(now: Instant): Promise<readonly ListSummary[]> {
    const counts = await this.ports.entries.counts(now);
    const { ruleSet, files } = this.ports.inUse();
    const names = new Set([...ruleSet.lists.keys(), ...builtInLists.keys()]);
    return [...names].sort().map((name) => {
      const list = ruleSet.lists.get(name);
      const { active: added = 0, pending = 0 } = counts.get(name) ?? {};
      return {
        name,
        kind: this.kindOf(name) ?? 'value',
        size: list?.size ?? added,
        added,
        pending,
        file: files.has(fileOf(name)) ? fileOf(name) : null,
        source: list?.source ?? '',
        date: list?.date ?? '',
        fourEyes: letsThrough(ruleSet, name),
        readBy: readersOf(ruleSet, name),
      };
    });
  }

  async added(query: EntriesQuery): Promise<Result<EntriesPage<KeptListEntry>, Problem>> {
    const { list, limit, cursor, now } = query;
    if (this.kindOf(list) === undefined) return err(problem('not_found'));
    const found = await this.ports.entries.page({ list, limit: limit + 1, before: cursor, now });
    const entries = found.slice(0, limit);
    return ok({ entries, nextCursor: found.length > limit ? (entries.at(-1)?.id ?? null) : null });
  }

  /** Entries of the file, in its order. */
  ofFile({ list, limit, cursor }: EntriesQuery): Result<EntriesPage<FileEntry>, Problem> {
    if (this.kindOf(list) === undefined) return err(problem('not_found'));
    const after = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0;
    return ok(listFilePage(this.textOf(list), after, limit));
  }

  async add({ list, value, reason, expiresAt, actor, now }: AddToList): Promise<Result<KeptListEntry, Problem>> {
    const kind = this.kindOf(list);
    if (kind === undefined) return err(problem('not_found', { detail: 'there is no such list' }));
    const key = keyOf(value, kind);
    if (key === undefined) return err(wrong('/value', `expected ${expected[kind]}`));
    if (mailLists.has(list) && !isMailDomain(key)) return err(wrong('/value', notOfMail));
    if (isTooWide(value, kind)) return err(wrong('/value', tooWide));
    if (expiresAt !== null && expiresAt <= now) return err(wrong('/expires_at', 'expected a time to come'));
    const line = this.lineOf(list, key, kind);
    if (line !== undefined) return err(conflict(`it stands in ${fileOf(list)}:${line} already`));
    const counts = (await this.ports.entries.counts(now)).get(list);
    if (counts !== undefined && counts.active + counts.pending >= mostAdded)
      return err(conflict(`the list has ${mostAdded} added entries: put them into ${fileOf(list)}`));
    const entry: KeptListEntry = {
      id: this.ports.newId('lst'),
      list,
      value: value.trim(),
      key,
      kind,
      state: letsThrough(this.ports.inUse().ruleSet, list) ? 'pending' : 'active',
      reason,
      addedBy: actor,
      addedAt: now,
      expiresAt,
      confirmedBy: null,
      confirmedAt: null,
    };
    if (!(await this.ports.entries.add(entry))) return err(conflict('the list has this entry already'));
    this.ports.onChange();
    return ok(entry);
  }

  async confirm(list: string, value: string, by: ListActor): Promise<Result<KeptListEntry, Problem>> {
    const found = await this.find(list, value, by.now);
    if (found === undefined) return err(problem('not_found'));
    if (found.state === 'active') return err(conflict('it is in use already'));
    if (found.addedBy === by.actor) return err(conflict('who added an entry cannot confirm it: another key has to'));
    const confirmed = await this.ports.entries.confirm(list, found.key, by);
    if (confirmed === undefined) return err(problem('conflict'));
    this.ports.onChange();
    return ok(confirmed);
  }

  async remove(list: string, value: string, by: ListActor): Promise<Result<undefined, Problem>> {
    const kind = this.kindOf(list);
    const key = kind === undefined ? undefined : keyOf(value, kind);
    if (kind === undefined || key === undefined) return err(problem('not_found'));
    const kept = await this.find(list, value, by.now);
    if (kept !== undefined && (await this.ports.entries.remove(list, kept.key, by))) {
      this.ports.onChange();
      return ok(undefined);
    }
    const line = this.lineOf(list, key, kind);
    if (line === undefined) return err(problem('not_found'));
    return err(conflict(`it stands in ${fileOf(list)}:${line}: take it out there`));
  }

  /** Under the key of today, else under the one that entries had before spellings of mailboxes and phones were one. */
  private async find(list: string, value: string, now: Instant): Promise<KeptListEntry | undefined> {
    const kind = this.kindOf(list);
    const key = kind === undefined ? undefined : keyOf(value, kind);
    if (key === undefined) return undefined;
    const { entries } = this.ports;
    return (await entries.find(list, key, now)) ?? (await entries.find(list, plainValue(value), now));
  }

  private kindOf(name: string): ListKind | undefined {
    return this.ports.inUse().ruleSet.lists.get(name)?.kind ?? builtInLists.get(name);
  }

  private textOf(name: string): string {
    return this.ports.inUse().files.get(fileOf(name)) ?? '';
  }

  /** Where the file has it; it is looked for only where the list says that it has something like it. */
  private lineOf(name: string, key: string, kind: ListKind): number | undefined {
    const first = kind === 'cidr' ? key.slice(0, key.indexOf('/')) : key;
    if (this.ports.inUse().ruleSet.lists.get(name)?.has(first) !== true) return undefined;
    return findInListFile(this.textOf(name), (text) => keyOf(text, kind) === key);
  }
}

const fileOf = (name: string): string => `lists/${name}.txt`;
const conflict = (detail: string): Problem => problem('conflict', { detail });
const wrong = (pointer: string, detail: string): Problem => problem('invalid', { errors: [{ pointer, detail }] });

/** The widest range that one entry may name: a slip in its length must not take in the internet. */
const widestBits = { 4: 8, 6: 16 } as const;
const tooWide = `expected a range of /${widestBits[4]} or longer (IPv4), /${widestBits[6]} or longer (IPv6): this one takes in too much of the internet`;

function isTooWide(value: string, kind: ListKind): boolean {
  const entry = parseListEntry(value.trim(), kind);
  return entry?.kind === 'cidr' && entry.range.bits < widestBits[entry.range.version];
}

/** The same for every spelling of one value; undefined when it is none of that kind. */
export function keyOf(value: string, kind: ListKind): string | undefined {
  const text = value.trim();
  if (text === '' || text.length > 512 || /[\p{Cc}\p{Cs}]/u.test(text)) return undefined;
  const entry = parseListEntry(text, kind);
  if (entry === undefined) return undefined;
  if (entry.kind === 'cidr') return rangeText(entry.range);
  return entry.kind === 'asn' ? `AS${entry.asn}` : entry.value;
}

/** Rules that are off read nothing. */
const running = ({ declarations }: RuleSet) => declarations.filter(({ info }) => info.mode !== 'off');

const letsThrough = (ruleSet: RuleSet, list: string): boolean =>
  running(ruleSet).some((rule) => letsThroughBy(rule, list, ruleSet));

const readersOf = (ruleSet: RuleSet, list: string): readonly string[] =>
  running(ruleSet)
    .filter(
      ({ when, exceptions }) => when.lists.includes(list) || exceptions.some((one) => one.when.lists.includes(list)),
    )
    .map(({ info }) => info.id);
