import { parseIpRange, rangeContains } from '../../model/ip-address.js';
import type { Reading } from '../../model/value.js';
import type { FunctionSpec } from './function-spec.js';
import { argument, literalText, unknownFrom } from './strict.js';

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
    if (parsed === undefined) throw new Error('in_cidr: the check let a range through that is no range');
    return (slots): Reading => {
      const text = closure(slots);
      if (typeof text !== 'string') return unknownFrom(text);
      const found = compiler.parseAddress(text);
      return found === undefined ? undefined : rangeContains(parsed, found);
    };
  },
};
