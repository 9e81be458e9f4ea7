import { describe, expect, it } from '@jest/globals';
import { hashEvidence } from '../../../src/http/hash-evidence.js';
import { parseListFile } from '../../../src/lists/parse-list-file.js';
import { own } from '../../../src/model/own.js';
import { diagnosticsOf } from '../../support/expression-scope.js';

/** What every plain object has, and nobody has written. */
const inherited = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'] as const;

describe('names that every object has', () => {
  it.each(inherited)('name nothing in a table: %s', (name) => {
    expect(own<unknown>({ a: 1 }, name)).toBeUndefined();
    expect(own<unknown>(JSON.parse(`{"${name}":1}`), name)).toBe(1);
  });

  it.each(inherited)('are unknown fields like any other in a condition: %s', (name) => {
    for (const text of [`${name} >= 3`, `ip.${name} >= 3`, `${name}.x == "a"`, `lists.${name} == 3`, `${name}(ip.asn)`])
      for (const { message, hint = '' } of diagnosticsOf(text))
        expect(`${message} ${hint}`).not.toMatch(/\[object|native code|undefined/);
  });

  it('are no kind of a list', () => {
    const parsed = parseListFile('x', '# type: constructor\na\n');
    expect(!parsed.ok && parsed.error[0]?.message).toBe("expected type value, cidr or asn, not 'constructor'");
  });

  it('are kinds of evidence like any other that nothing is known of', () => {
    expect(hashEvidence({ constructor: ' a ' }, (type, value) => `${type}:${value}`)).toEqual({
      ok: true,
      value: { constructor: 'constructor:a' },
    });
  });
});
