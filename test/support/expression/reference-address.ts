interface Address {
  readonly width: 32 | 128;
  readonly number: bigint;
}

function readQuad(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

/** The last four bytes may be written as a quad: as two groups instead. */
function withoutQuad(text: string): string {
  const quad = /(?<=:)[0-9.]*\.[0-9.]*$/.exec(text)?.[0];
  const number = quad === undefined ? undefined : readQuad(quad);
  if (quad === undefined || number === undefined) return text;
  return `${text.slice(0, -quad.length)}${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
}

function readGroups(text: string): bigint | undefined {
  const [head = '', tail, ...more] = withoutQuad(text).split('::');
  if (more.length > 0) return undefined;
  const [front, back] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  if (front === undefined || back === undefined) return undefined;
  const missing = 8 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...front, ...Array.from({ length: missing }, () => '0'), ...back];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

/** An address as one whole number; undefined when the text is none. */
function readAddress(text: string): Address | undefined {
  const number = text.includes(':') ? readGroups(text) : readQuad(text);
  if (number === undefined) return undefined;
  if (!text.includes(':')) return { width: 32, number };
  return number >> 32n === 0xffffn ? { width: 32, number: number & 0xffffffffn } : { width: 128, number };
}

/** Undefined when the text is no address. */
export function addressIsIn(text: string, range: string): boolean | undefined {
  const [base = '', length] = range.split('/');
  const [address, network] = [readAddress(text), readAddress(base)];
  if (network === undefined) throw new Error(`${range} is no range`);
  if (address === undefined) return undefined;
  if (address.width !== network.width) return false;
  const mapped = network.width === 32 && base.includes(':');
  const bits = length === undefined ? network.width : Number(length) - (mapped ? 96 : 0);
  const host = BigInt(network.width - bits);
  return address.number >> host === network.number >> host;
}
