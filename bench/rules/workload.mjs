/** A fixed sequence, the same in every run. */
function fixedSequence() {
  let seed = 7;
  return (below) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
}

/** Four shapes of rule in turn; about one matches an event, however many rules there are. Every field has a value. */
export function makeRules(count) {
  return Array.from({ length: count }, (_, i) => {
    const domain = `d${i}.example`;
    if (i % 4 === 0) return { kind: 'asn', a: i, text: `asn == ${i} && count >= 3` };
    if (i % 4 === 1) return { kind: 'domain', a: domain, text: `domain == "${domain}" && vpn` };
    if (i % 4 === 2) return { kind: 'band', a: i, b: i + 4, text: `count >= ${i} && count < ${i + 4}` };
    return { kind: 'either', a: i, b: domain, text: `vpn && (asn == ${i} || domain == "${domain}")` };
  });
}

/** Four shapes of rule that no index narrows: a part of a text, arithmetic, an address range, negations. */
export function makeHostileRules(count) {
  return Array.from({ length: count }, (_, i) => {
    const range = { first: (10 * 256 + (i % 256)) * 65536, bits: 16, text: `10.${i % 256}.0.0/16` };
    if (i % 4 === 0) return { kind: 'contains', a: `d${i}.`, text: `domain.contains("d${i}.")` };
    if (i % 4 === 1) return { kind: 'arithmetic', a: i, text: `asn * 2 - count == ${i}` };
    if (i % 4 === 2) return { kind: 'range', a: range, text: `in_cidr(address, "${range.text}")` };
    return { kind: 'negation', a: `x${i}.`, b: i, text: `!(domain.endsWith("x${i}.")) && !(asn - count != ${i})` };
  });
}

/** Events with values that about as many different rules ask for as there are rules. */
export function makeEvents(howMany, rules) {
  const next = fixedSequence();
  return Array.from({ length: howMany }, () => ({
    asn: next(rules * 2),
    domain: `d${next(rules * 2)}.example`,
    count: next(rules),
    vpn: next(2) === 0,
    address: `10.${next(256)}.${next(256)}.${next(256)}`,
  }));
}
