import {
  containsCardNumber,
  isBareCardNumber,
  isCardNumber,
  isCertainlyCardNumber,
  isPlainText,
} from './card-number.js';
import { escapePointerStep } from './json-pointer.js';
import { internationalPhone } from './phone-number.js';
import { type Problem, problem } from './problem.js';
import { isStorable } from './storable-text.js';

/** Levels of objects and arrays; the whole is the first. */
const maxJsonDepth = 8;

interface Pointers {
  has(pointer: string): boolean;
}

/** Where the check for card numbers holds back, as JSON pointers. */
export interface CardExemptions {
  /** References and free strings whose digits mean something else. */
  readonly ids: Pointers;
  /** Places for E.164 numbers: exempt while they are written as such. */
  readonly phones: Pointers;
  /** Ids of a device or a payment method: exempt unless the whole of them is a card number. */
  readonly fingerprints?: Pointers;
  /** Numbers of documents: exempt unless the whole of them can be nothing but a card number. */
  readonly documents?: Pointers;
}

/** Copies of an object lose the member of this name: a body with it would be stored, and compared, as one without. */
const lostKey = '__proto__';

interface Found {
  card?: string;
  first?: Problem;
}

const refused = (pointer: string, detail: string): Problem => problem('invalid', { errors: [{ pointer, detail }] });

const isExempt = (text: string, pointer: string, exemptions: CardExemptions): boolean =>
  exemptions.ids.has(pointer) ||
  (exemptions.phones.has(pointer) && internationalPhone.test(text)) ||
  (exemptions.fingerprints?.has(pointer) === true && !isBareCardNumber(text)) ||
  (exemptions.documents?.has(pointer) === true && !isCertainlyCardNumber(text));

function inspectText(text: string, pointer: string, found: Found, exemptions: CardExemptions): void {
  if (!isExempt(text, pointer, exemptions) && containsCardNumber(text)) found.card ??= pointer;
  if (!isStorable(text)) found.first ??= refused(pointer, 'NUL and lone surrogates are not allowed in text');
}

/** The pointer to a member; one whose key holds a card number is named by its parent, so that the number is not repeated. */
function inspectKey(key: string, parent: string, found: Found): string {
  if (containsCardNumber(key)) {
    found.card ??= parent;
    return parent;
  }
  const pointer = `${parent}/${escapePointerStep(key)}`;
  if (!isStorable(key)) found.first ??= refused(parent, 'NUL and lone surrogates are not allowed in keys');
  if (key === lostKey) found.first ??= refused(pointer, 'a key of this name is not allowed');
  return pointer;
}

interface Place {
  readonly value: unknown;
  readonly pointer: string;
  readonly depth: number;
}

function membersOf(place: Place, found: Found): Place[] {
  const depth = place.depth + 1;
  if (Array.isArray(place.value)) {
    return place.value.map((value: unknown, index) => ({ value, pointer: `${place.pointer}/${index}`, depth }));
  }
  if (typeof place.value !== 'object' || place.value === null) return [];
  return Object.entries(place.value).map(([key, value]: [string, unknown]) => ({
    value,
    pointer: inspectKey(key, place.pointer, found),
    depth,
  }));
}

function inspectPlace(place: Place, found: Found, exemptions: CardExemptions): void {
  const { value, pointer, depth } = place;
  if (typeof value === 'string') inspectText(value, pointer, found, exemptions);
  else if (typeof value === 'number' && isCardNumber(value) && !exemptions.ids.has(pointer)) found.card ??= pointer;
  else if (typeof value === 'object' && value !== null && depth > maxJsonDepth) {
    found.first ??= refused(pointer.slice(0, 256), `nested deeper than ${maxJsonDepth} levels`);
  }
}

/** True for nearly every body: nothing in it needs a second look. Builds no pointers. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isPlainText(value);
  if (typeof value === 'number') return !isCardNumber(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > maxJsonDepth) return false;
  if (Array.isArray(value)) return value.every((member) => isPlain(member, depth + 1));
  return Object.keys(value).every(
    (key) => key !== lostKey && isPlainText(key) && isPlain(Reflect.get(value, key), depth + 1),
  );
}

/**
 * What a parsed body must not hold, whatever its schema: card numbers, text that cannot be stored, deep nesting. Walks
 * with a stack of its own, because 64 KiB of brackets would overflow the call stack. A card number outranks the rest.
 */
export function inspectJson(body: unknown, exemptions: CardExemptions): Problem | undefined {
  if (isPlain(body, 1)) return undefined;
  const found: Found = {};
  const rest: Place[] = [{ value: body, pointer: '', depth: 1 }];
  for (let place = rest.pop(); place !== undefined && found.card === undefined; place = rest.pop()) {
    inspectPlace(place, found, exemptions);
    // Pointers grow with depth: beyond the limit they stay as they are, or 64 KiB of brackets would cost gigabytes.
    for (const member of membersOf(place, found)) {
      rest.push(place.depth > maxJsonDepth ? { ...member, pointer: place.pointer } : member);
    }
  }
  if (found.card === undefined) return found.first;
  const detail = 'looks like a card number; send a fingerprint of the payment method instead';
  return problem('card_number_rejected', { errors: [{ pointer: found.card, detail }] });
}
