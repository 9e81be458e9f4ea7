/** What the part of an address before the @ looks like. Nearly all are ASCII, which is read without regular expressions. */

const asciiOnly = /^[\0-\x7f]*$/;
const longest = 64;

type Kind = 'l' | 'd' | '';

function kindOf(code: number): Kind {
  if (code >= 48 && code <= 57) return 'd';
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) ? 'l' : '';
}

function asciiShape(local: string): string {
  let shape = '';
  for (let i = 0; i < local.length; ) {
    const kind = kindOf(local.charCodeAt(i));
    const from = i++;
    if (kind === '') shape += local[from];
    else {
      while (i < local.length && kindOf(local.charCodeAt(i)) === kind) i++;
      shape += `${kind}${i - from}`;
    }
  }
  return shape;
}

/** Runs of letters and digits with their lengths, everything else kept: li.wei.88213 is l2.l3.d5. */
export function shapeOf(local: string): string {
  const text = local.slice(0, longest);
  if (asciiOnly.test(text)) return asciiShape(text);
  return text.replace(/\p{L}+|\p{N}+/gu, (run) => `${/^\p{N}/u.test(run) ? 'd' : 'l'}${[...run].length}`);
}

/**
 * How an address is made, whatever the names in it: letters lose their count, digits keep it. li.wei.88213 and
 * anna.meier.10442 are both l.l.d5. A workshop varies names for nothing; its habit stays.
 */
export const styleOf = (local: string): string => shapeOf(local).replace(/l\d+/g, 'l');

/** Shannon entropy in bits per character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  let length = 0;
  for (const character of text) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
    length++;
  }
  let bits = 0;
  for (const count of counts.values()) bits -= (count / length) * Math.log2(count / length);
  return Math.round(bits * 1000) / 1000;
}

const untagged = (local: string): string => (local.includes('+') ? local.replace(/\+.*$/, '') : local);

/** Letters and digits only, and how often one follows the other. */
function bareOf(local: string): { readonly bare: string; readonly changes: number } {
  const text = untagged(local);
  if (!asciiOnly.test(text)) {
    const bare = text.replace(/[^\p{L}\p{N}]/gu, '');
    return { bare, changes: bare.match(/\p{L}(?=\p{N})|\p{N}(?=\p{L})/gu)?.length ?? 0 };
  }
  let bare = '';
  let before: Kind = '';
  let changes = 0;
  for (let i = 0; i < text.length; i++) {
    const kind = kindOf(text.charCodeAt(i));
    if (kind === '') continue;
    if (before !== '' && kind !== before) changes++;
    before = kind;
    bare += text[i];
  }
  return { bare, changes };
}

/**
 * Looks made by a program. Conservative, because names of all languages pass here; true only for
 * - letters and digits that alternate at least four times (`k3j9x2p`),
 * - twelve or more hexadecimal characters with several digits and letters mixed,
 * - seven or more Latin letters without a vowel, or seven consonants in a row.
 */
export function looksGenerated(local: string): boolean {
  const { bare, changes } = bareOf(local);
  if (bare.length < 7) return false;
  if (changes >= 4) return true;
  if (changes >= 2 && /^[0-9a-f]{12,}$/.test(bare)) return true;
  const letters = bare.replace(/[^a-z]/g, '');
  if (letters.length < 7) return false;
  return !/[aeiouy]/.test(letters) || /[bcdfghjklmnpqrstvwxz]{7}/.test(bare);
}

const roles = new Set(
  'abuse accounts admin administrator billing careers contact finance hello help helpdesk hostmaster hr info it jobs legal mail marketing noreply no-reply office postmaster press privacy purchasing root sales security service support sysadmin team webmaster'.split(
    ' ',
  ),
);

/** The mailbox belongs to a role, not to a person. */
export const isRole = (local: string): boolean => roles.has(untagged(local));
