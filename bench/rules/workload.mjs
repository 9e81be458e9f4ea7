/** Four shapes of rule in turn; about one matches an event, however many rules there are. Every field has a value. */
export function makeRules(count) {
  return Array.from({ length: count }, (_, i) => {
    if (i % 4 === 0) return { kind: 'asn', a: i, text: `asn == ${i} && count >= 3` };
    if (i % 4 === 1) return { kind: 'domain', a: `d${i}.example`, text: `domain == "d${i}.example" && vpn` };
    if (i % 4 === 2) return { kind: 'band', a: i, b: i + 4, text: `count >= ${i} && count < ${i + 4}` };
    return { kind: 'either', a: i, b: `d${i}.example`, text: `vpn && (asn == ${i} || domain == "d${i}.example")` };
  });
}

/** A fixed sequence, the same in every run. */
export function makeEvents(howMany, rules) {
  let seed = 7;
  const next = (below) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  return Array.from({ length: howMany }, () => ({
    asn: next(rules * 2),
    domain: `d${next(rules * 2)}.example`,
    count: next(rules),
    vpn: next(2) === 0,
  }));
}
