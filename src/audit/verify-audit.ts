import { type AuditHead, type AuditKey, type AuditLine, type AuditLink, headText, noLink } from './audit-chain.js';

/** A link and the row it seals, where that is still there. */
export interface SealedLine extends AuditLink {
  readonly text: string | undefined;
}

/** What an erasure told of a row that it changed. */
export interface ErasedLine {
  readonly seq: number;
  /** The row that tells of it. */
  readonly by: number;
  readonly mark: string;
}

/** Port: the trail and what seals it. */
export interface AuditChain {
  /** Of the links themselves, and then of what is kept beside them: what is sealed meanwhile is in both. */
  ends(): Promise<{ readonly links: number; readonly head: AuditHead | undefined }>;
  /** In order, from the link after this one. */
  page(afterCount: number, upToCount: number): Promise<readonly SealedLine[]>;
  erasedLines(seqs: readonly number[]): Promise<readonly ErasedLine[]>;
  /** Numbers of rows up to this one that nothing seals; so many at most. */
  unlinked(upToSeq: number, most: number): Promise<readonly number[]>;
  /** How many rows come after this one. */
  countAfter(seq: number): Promise<number>;
}

type AuditProblemKind = 'changed' | 'missing' | 'order' | 'added' | 'link' | 'tail_cut' | 'head';

interface AuditProblem {
  /** Of the row; null where it is about none. */
  readonly seq: number | null;
  readonly kind: AuditProblemKind;
  readonly detail: string;
}

export interface AuditReport {
  readonly ok: boolean;
  readonly rows: number;
  readonly sealed: number;
  /** Younger than the last sealing. */
  readonly unsealed: number;
  readonly erased: number;
  /** Each row that tells of an erasure, and how many it accounts for. */
  readonly erasures: readonly { readonly by: number; readonly rows: number }[];
  /** `COUNT:LINK` of the last link; null before the first. */
  readonly head: string | null;
  /** Whose heads it was compared with. */
  readonly comparedWith: readonly string[];
  readonly problems: readonly AuditProblem[];
  /** There are more than are told. */
  readonly truncated: boolean;
}

/** A head that somebody kept, and where. */
export interface NotedHead {
  readonly from: string;
  readonly head: AuditHead;
}

const mostProblems = 1000;

interface Suspect {
  readonly seq: number;
  readonly sealedDigest: string;
  /** Undefined: the row is gone. */
  readonly text: string | undefined;
}

/** One walk over all links, a page at a time. */
class Walk {
  readonly problems: AuditProblem[] = [];
  readonly suspects: Suspect[] = [];
  isTruncated = false;
  count = 0;
  seq = 0;
  link = noLink;
  sealed = 0;
  present = 0;

  constructor(
    private readonly key: AuditKey,
    private readonly noted: ReadonlyMap<number, readonly NotedHead[]>,
  ) {}

  tell(problem: AuditProblem): void {
    if (this.problems.length < mostProblems) this.problems.push(problem);
    else this.isTruncated = true;
  }

  take(line: SealedLine): void {
    this.takeLink(line);
    for (const { from, head } of this.noted.get(line.count) ?? [])
      if (head.link !== line.link)
        this.tell({ seq: line.seq, kind: 'head', detail: `link ${line.count} is another one than ${from} has noted` });
    if (line.text === undefined || this.key.digest(line.text) !== line.digest) this.suspect(line);
    if (line.text !== undefined) this.present += 1;
    this.sealed += 1;
    [this.count, this.seq, this.link] = [line.count, line.seq, line.link];
  }

  private takeLink({ count, seq, digest, link }: SealedLine): void {
    if (count !== this.count + 1) {
      const gone = count === this.count + 2 ? `link ${count - 1} is` : `links ${this.count + 1} to ${count - 1} are`;
      this.tell({ seq, kind: 'link', detail: `${gone} gone before this row` });
    } else if (this.key.link(this.link, { count, seq, digest }) !== link)
      this.tell({ seq, kind: 'link', detail: 'its link does not follow from the one before: one of them was forged' });
    if (seq <= this.seq) this.tell({ seq, kind: 'order', detail: `it is sealed after row ${this.seq}` });
  }

  private suspect({ seq, digest, text }: SealedLine): void {
    if (this.suspects.length < mostProblems) this.suspects.push({ seq, sealedDigest: digest, text });
    else this.isTruncated = true;
  }
}

/** Compares every row with what seals it, and the end of the chain with every head that was noted. */
export async function verifyAudit(
  chain: AuditChain,
  key: AuditKey,
  noted: readonly NotedHead[] = [],
): Promise<AuditReport> {
  const { links, head } = await chain.ends();
  const heads = head === undefined ? noted : [{ from: 'the database', head }, ...noted];
  const walk = new Walk(key, grouped(heads));
  await walkLinks(chain, walk, Math.max(links, head?.count ?? 0));
  compareEnds(walk, heads, { links, head });
  const erasures = await explainSuspects(chain, key, walk);
  for (const seq of await chain.unlinked(walk.seq, mostProblems))
    walk.tell({ seq, kind: 'added', detail: 'it stands among sealed rows and was never sealed' });
  const unsealed = await chain.countAfter(walk.seq);
  return {
    ok: walk.problems.length === 0,
    rows: walk.present + unsealed,
    sealed: walk.sealed,
    unsealed,
    erased: [...erasures.values()].reduce((sum, rows) => sum + rows, 0),
    erasures: [...erasures].map(([by, rows]) => ({ by, rows })),
    head: walk.count === 0 ? null : headText(walk),
    comparedWith: heads.map(({ from }) => from),
    problems: walk.problems,
    truncated: walk.isTruncated,
  };
}

async function walkLinks(chain: AuditChain, walk: Walk, upTo: number): Promise<void> {
  for (;;) {
    const lines = await chain.page(walk.count, upTo);
    for (const line of lines) walk.take(line);
    if (lines.length === 0) return;
  }
}

function compareEnds(
  walk: Walk,
  heads: readonly NotedHead[],
  { links, head }: { readonly links: number; readonly head: AuditHead | undefined },
): void {
  for (const { from, head: one } of heads)
    if (one.count > walk.count) {
      const detail = `${from} has noted ${one.count} sealed rows, and there are ${walk.count}: the end was cut off`;
      walk.tell({ seq: null, kind: 'tail_cut', detail });
    }
  if (links > (head?.count ?? 0)) {
    const what = head === undefined ? 'is gone' : `ends at link ${head.count} of ${links}`;
    walk.tell({ seq: null, kind: 'head', detail: `the head that the database keeps ${what}` });
  }
}

/** Changed by an erasure that tells of it, moved, changed by somebody, or gone. */
async function explainSuspects(chain: AuditChain, key: AuditKey, walk: Walk): Promise<ReadonlyMap<number, number>> {
  const erasures = new Map<number, number>();
  if (walk.suspects.length === 0) return erasures;
  const told = await chain.erasedLines(walk.suspects.map(({ seq }) => seq));
  const sealedAs = new Map(walk.suspects.map(({ sealedDigest, seq }) => [sealedDigest, seq]));
  for (const { seq, text } of walk.suspects) {
    const by = text === undefined ? undefined : erasureOf({ seq, text }, told, key);
    if (by !== undefined) erasures.set(by, (erasures.get(by) ?? 0) + 1);
    else walk.tell(text === undefined ? missing(seq) : changed(seq, sealedAs.get(key.digest(text))));
  }
  return erasures;
}

const erasureOf = (line: AuditLine, told: readonly ErasedLine[], key: AuditKey): number | undefined => {
  const mark = key.erased(line);
  return told.find((one) => one.seq === line.seq && one.mark === mark)?.by;
};

const missing = (seq: number): AuditProblem => ({ seq, kind: 'missing', detail: 'the row was deleted' });

const changed = (seq: number, sealedAs: number | undefined): AuditProblem =>
  sealedAs === undefined
    ? { seq, kind: 'changed', detail: 'the row was changed after it was sealed, and no erasure tells of it' }
    : { seq, kind: 'order', detail: `it holds what was sealed as row ${sealedAs}` };

function grouped(heads: readonly NotedHead[]): ReadonlyMap<number, readonly NotedHead[]> {
  const groups = new Map<number, NotedHead[]>();
  for (const one of heads) groups.set(one.head.count, [...(groups.get(one.head.count) ?? []), one]);
  return groups;
}
