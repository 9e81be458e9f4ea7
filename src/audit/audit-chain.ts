/** A row of the audit trail as it is sealed: its number, and everything else as one text that is the same wherever it is read. */
export interface AuditLine {
  readonly seq: number;
  readonly text: string;
}

/** What seals a row: nobody without the key can make one. */
export interface AuditLink {
  /** From 1, without gaps; numbers of rows have some. */
  readonly count: number;
  readonly seq: number;
  /** Of the row's text alone, so that a text that was moved can be recognised. */
  readonly digest: string;
  readonly link: string;
}

/** Where the chain ends. Whoever noted one elsewhere finds out when anything before it goes. */
export type AuditHead = Pick<AuditLink, 'count' | 'link'>;

/** Keyed hashes, each for one use. */
export interface AuditKey {
  digest(text: string): string;
  /** What an erasure leaves of a row's new text: it vouches for this row only. */
  erased(line: AuditLine): string;
  link(before: string, link: Omit<AuditLink, 'link'>): string;
}

/** Before the first link. */
export const noLink = '';

export function sealLines(lines: readonly AuditLine[], head: AuditHead | undefined, key: AuditKey): AuditLink[] {
  const links: AuditLink[] = [];
  let { count, link: before } = head ?? { count: 0, link: noLink };
  for (const { seq, text } of lines) {
    const unsealed = { count: ++count, seq, digest: key.digest(text) };
    const link = key.link(before, unsealed);
    links.push({ ...unsealed, link });
    before = link;
  }
  return links;
}

export const headForm = /^(\d{1,15}):([A-Za-z0-9_-]{43})$/;

/** `COUNT:LINK`. */
export const headText = ({ count, link }: AuditHead): string => `${count}:${link}`;

export function parseHead(text: string): AuditHead | undefined {
  const [, count, link] = headForm.exec(text.trim()) ?? [];
  return count === undefined || link === undefined ? undefined : { count: Number(count), link };
}

export const isSameHead = (one: AuditHead | undefined, other: AuditHead | undefined): boolean =>
  one?.count === other?.count && one?.link === other?.link;
