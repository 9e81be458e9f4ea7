export const addressNumber = (text) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** Each as one would write it; `address` is the event's address as a number, read once an event. */
const closures = {
  asn:
    ({ a }) =>
    (e) =>
      e.asn === a && e.count >= 3,
  domain:
    ({ a }) =>
    (e) =>
      e.domain === a && e.vpn,
  band:
    ({ a, b }) =>
    (e) =>
      e.count >= a && e.count < b,
  either:
    ({ a, b }) =>
    (e) =>
      e.vpn && (e.asn === a || e.domain === b),
  contains:
    ({ a }) =>
    (e) =>
      e.domain.includes(a),
  arithmetic:
    ({ a }) =>
    (e) =>
      e.asn * 2 - e.count === a,
  range:
    ({ a }) =>
    (_, address) =>
      address >= a.first && address < a.first + 2 ** (32 - a.bits),
  negation:
    ({ a, b }) =>
    (e) =>
      !e.domain.endsWith(a) && !(e.asn - e.count !== b),
};

/** Idiomatic: an array of predicate functions, every one called. */
export function compileHandWritten(rules) {
  const tests = rules.map((rule) => closures[rule.kind](rule));
  const readsAddress = rules.some((rule) => rule.kind === 'range');
  return (event) => {
    const address = readsAddress ? addressNumber(event.address) : 0;
    const found = [];
    for (let i = 0; i < tests.length; i++) if (tests[i](event, address)) found.push(i);
    return found;
  };
}

function put(map, key, index) {
  const known = map.get(key);
  if (known === undefined) map.set(key, [index]);
  else known.push(index);
}

/** The best that was found by hand for these four shapes: one map for each of them, knowing that counts are whole. */
export function compileHandIndexed(rules) {
  const maps = { asn: new Map(), domain: new Map(), band: new Map(), eitherAsn: new Map(), eitherDomain: new Map() };
  for (const [index, { kind, a, b }] of rules.entries()) {
    if (kind === 'asn') put(maps.asn, a, index);
    if (kind === 'domain') put(maps.domain, a, index);
    if (kind === 'band') for (let count = a; count < b; count++) put(maps.band, count, index);
    if (kind === 'either') put(maps.eitherAsn, a, index);
    if (kind === 'either') put(maps.eitherDomain, b, index);
  }
  return (event) => {
    const found = [];
    const take = (list) => {
      if (list !== undefined) for (const index of list) if (!found.includes(index)) found.push(index);
    };
    if (event.count >= 3) take(maps.asn.get(event.asn));
    take(maps.band.get(event.count));
    if (event.vpn) {
      take(maps.domain.get(event.domain));
      take(maps.eitherAsn.get(event.asn));
      take(maps.eitherDomain.get(event.domain));
    }
    return found.length > 1 ? found.sort((x, y) => x - y) : found;
  };
}
