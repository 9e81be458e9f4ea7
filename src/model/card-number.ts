/**
 * Finds card numbers in text that should never carry one. A hit is 13 to 19 digits that pass Luhn, written in one run or
 * in groups with spaces or dashes between them. Long numbers are tried group by group, so that a card followed by its
 * expiry date is found too.
 */
const dashes = '\\p{Dash}\\u02d7\\u2043\\u2796';
const separator = `[\\s${dashes}]{0,3}`;
const candidate = new RegExp(`\\d(?:${separator}\\d){12,}`, 'gu');
const worthLooking = new RegExp(`\\d(?:${separator}\\d){12}`, 'u');

/** UUIDs and hexadecimal digests hold long runs of digits by chance; nobody writes a card like that. */
const digests = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{32,128}\b/giu;

/** Chance mixes digits and letters: all digits in one run are a number with letters beside it. */
const isOneNumber = (text: string): boolean => /^[a-f]*[0-9]+[a-f]*$/iu.test(text);

const withoutDigests = (text: string): string => text.replace(digests, (found) => (isOneNumber(found) ? found : 'x'));

const asciiOnly = /^[\x20-\x7e]*$/;

const decimalDigit = /^\p{Nd}$/u;

/** Unicode has the digits of each script in a row, from zero on, and some rows right after one another. */
function plainDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (decimalDigit.test(String.fromCodePoint(code - before - 1))) before++;
  return String(before % 10);
}

/** Each digit that occurs is looked at once: a body may have twenty thousand. */
function withDigitsOfAscii(text: string): string {
  const known = new Map<string, string>();
  return text.replace(/[^\P{Nd}0-9]/gu, (digit) => {
    const plain = known.get(digit) ?? plainDigit(digit);
    known.set(digit, plain);
    return plain;
  });
}

/** What is not drawn, and what is drawn around or upon a digit, as in keycaps. */
const unread = /[\p{Default_Ignorable_Code_Point}\p{Mn}\p{Me}\u2800]/gu;

/** Full-width, Arabic and all other digits read the same to a person, whatever stands unseen between them. */
const withPlainDigits = (text: string): string =>
  asciiOnly.test(text) ? text : withDigitsOfAscii(text.normalize('NFKC').replace(unread, ''));

const [space, dash, tilde, zero, nine] = [32, 45, 126, 48, 57];

const isDigit = (code: number): boolean => code >= zero && code <= nine;

/** What the digit of this character adds to the check sum of ISO/IEC 7812-1 where it is doubled. */
function doubled(code: number): number {
  const digit = (code - zero) * 2;
  return digit > 9 ? digit - 9 : digit;
}

/** `digits` holds nothing but 0 to 9. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const code = digits.charCodeAt(digits.length - 1 - i);
    sum += i % 2 === 1 ? doubled(code) : code - zero;
  }
  return sum % 10 === 0;
}

const [shortest, longest] = [13, 19];

const isCard = (digits: string): boolean => digits.length >= shortest && digits.length <= longest && passesLuhn(digits);

/**
 * Whether some groups of `run` that follow one another are a card number. Check sums are differences of sums from the
 * start, one of the two with every other digit doubled: 64 KiB of groups of one digit cost no more than a few times their length.
 */
function holdsCard(run: string): boolean {
  const even = new Int32Array(run.length + 1);
  const odd = new Int32Array(run.length + 1);
  const edges: number[] = [];
  let digits = 0;
  let isInGroup = false;
  for (let i = 0; i < run.length; i++) {
    const code = run.charCodeAt(i);
    const isOne = isDigit(code);
    if (isOne !== isInGroup && isOne) edges.push(digits);
    isInGroup = isOne;
    if (!isOne) continue;
    const [plain, twice] = [code - zero, doubled(code)];
    even[digits + 1] = (even[digits] ?? 0) + (digits % 2 === 0 ? twice : plain);
    odd[digits + 1] = (odd[digits] ?? 0) + (digits % 2 === 0 ? plain : twice);
    digits++;
  }
  edges.push(digits);
  return edges.some((from, index) => beginsCard({ from, index }, edges, [even, odd]));
}

function beginsCard(
  { from, index }: { readonly from: number; readonly index: number },
  edges: readonly number[],
  [even, odd]: readonly [even: Int32Array, odd: Int32Array],
): boolean {
  for (let next = index + 1; next < edges.length; next++) {
    const to = edges[next] ?? 0;
    if (to - from > longest) return false;
    // The last digit counts as it is, so those at its distance of one, three … are doubled.
    const sum = to % 2 === 0 ? even : odd;
    if (to - from >= shortest && ((sum[to] ?? 0) - (sum[from] ?? 0)) % 10 === 0) return true;
  }
  return false;
}

/**
 * Printable ASCII without thirteen digits in a row, separators between them: cannot hold a card number, and nothing else
 * that is refused. Character by character, because every string of every body comes here.
 */
export function isPlainText(text: string): boolean {
  let digits = 0;
  let separators = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < space || code > tilde) return false;
    if (isDigit(code)) {
      separators = 0;
      if (++digits === 13) return false;
    } else if ((code !== space && code !== dash) || ++separators > 3) digits = 0;
  }
  return true;
}

export function containsCardNumber(text: string): boolean {
  if (text.length < 13) return false;
  const plain = withPlainDigits(text);
  if (!worthLooking.test(plain)) return false;
  const runs = withoutDigests(plain).match(candidate) ?? [];
  return runs.some(holdsCard);
}

/**
 * A JSON number: only those that begin like a card (2 to 6), because times in milliseconds and microseconds have as many
 * digits and begin with 1.
 */
export function isCardNumber(value: number): boolean {
  return (
    value >= 2e12 &&
    value < 7e18 &&
    Number.isInteger(value) &&
    /^[2-6]\d{12,18}$/.test(String(value)) &&
    isCard(String(value))
  );
}

const separators = new RegExp(`[\\s${dashes}]`, 'gu');

/** Without spaces and dashes. */
const bareDigits = (text: string): string => withPlainDigits(text).replace(separators, '');

/** The whole text is a card number: fingerprints hold runs of digits that pass Luhn by chance, but are more than that. */
export function isBareCardNumber(text: string): boolean {
  const digits = bareDigits(text);
  return /^[0-9]+$/.test(digits) && isCard(digits);
}

/**
 * 15 digits of American Express, 16 of Visa and of those ranges of Mastercard that are nobody's document. One in ten
 * numbers of so many digits passes Luhn: Egypt's have 14, Indonesia's 16 (from 11 to 53, and on from 61), the Emirates'
 * 15 (from 784), China's 18, South Africa's 13 with the same check digit.
 */
const cardOfNoDocument =
  /^(?:3[47][0-9]{13}|(?:4[0-9]{3}|5[45][0-9]{2}|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9])[0-9]{12})$/;

/** For numbers of documents, which may have as many digits as a card has. */
export function isCertainlyCardNumber(text: string): boolean {
  const digits = bareDigits(text);
  return cardOfNoDocument.test(digits) && passesLuhn(digits);
}
