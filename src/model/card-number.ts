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

/** What is not drawn, and what is drawn around or upon a digit, as in keycaps. */
const unread = /[\p{Default_Ignorable_Code_Point}\p{Mn}\p{Me}\u2800]/gu;

/** Full-width, Arabic and all other digits read the same to a person, whatever stands unseen between them. */
const withPlainDigits = (text: string): string =>
  asciiOnly.test(text)
    ? text
    : text
        .normalize('NFKC')
        .replace(unread, '')
        .replace(/[^\P{Nd}0-9]/gu, plainDigit);

/** The check digit of ISO/IEC 7812-1; `digits` holds nothing but 0 to 9. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const isCard = (digits: string): boolean => digits.length >= 13 && digits.length <= 19 && passesLuhn(digits);

function holdsCard(groups: readonly string[]): boolean {
  for (let start = 0; start < groups.length; start++) {
    let joined = '';
    for (let end = start; end < groups.length && joined.length < 19; end++) {
      joined += groups[end] ?? '';
      if (isCard(joined)) return true;
    }
  }
  return false;
}

const [space, dash, tilde, zero, nine] = [32, 45, 126, 48, 57];

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
    if (code >= zero && code <= nine) {
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
  return runs.some((run) => holdsCard(run.split(/\D+/u)));
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
