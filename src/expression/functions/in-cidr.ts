import { type IpAddress, parseIpAddress, parseIpRange, rangeContains } from '../../model/ip-address.js';
import type { Reading } from '../../model/value.js';
import type { FunctionSpec } from './function-spec.js';
import { argument, literalText, unknownFrom } from './strict.js';

/** One address parsed last: every range of an event asks about the same few addresses. */
function rememberingParser(): (text: string) => IpAddress | undefined {
  let lastText: string | undefined;
  let last: IpAddress | undefined;
  return (text) => {
    if (text !== lastText) {
      last = parseIpAddress(text);
      lastText = text;
    }
    return last;
  };
}

const parse = rememberingParser();

export const inCidr: FunctionSpec = {
  name: 'in_cidr',
  form: 'function',
  doc: 'True when the address is in the range; an IPv4 address is in no IPv6 range; unknown when it is missing or no address.',
  example: 'in_cidr(ip.address, "10.0.0.0/8")',
  parameters: [
    { name: 'address', takes: 'string', form: 'input' },
    { name: 'range', takes: 'string', form: 'range' },
  ],
  returns: 'boolean',
  compile: ([address, range], compiler) => {
    const closure = argument(address, compiler);
    const parsed = parseIpRange(literalText(range));
    if (parsed === undefined) throw new Error('a checked range is none');
    return (slots): Reading => {
      const text = closure(slots);
      if (typeof text !== 'string') return unknownFrom(text);
      const found = parse(text);
      return found === undefined ? undefined : rangeContains(parsed, found);
    };
  },
};
