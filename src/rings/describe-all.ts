import { ChangeLog } from './ring-changes.js';
import type { RingComponents } from './ring-components.js';

const rowsInPiece = 1024;

/** All rings, aliases, members, keys that lead somewhere and hubs, in pieces. */
export function* describeAll(components: RingComponents): Generator<ChangeLog> {
  const { accounts, rings, table } = components;
  let log = new ChangeLog();
  let walked = 0;
  const isFull = (): boolean => ++walked % rowsInPiece === 0;
  function* flush(): Generator<ChangeLog> {
    yield log;
    log = new ChangeLog();
  }
  for (const { id } of rings.live()) {
    log.created.push(id);
    log.touched.add(id);
    if (isFull()) yield* flush();
  }
  for (const { id } of rings.aliases()) {
    log.aliases.push(id);
    if (isFull()) yield* flush();
  }
  for (let row = 0; row < accounts.length; row++) {
    const ringId = components.ringOf(row)?.id;
    if (ringId !== undefined) log.members.push({ accountId: accounts.id(row), ringId, joinedAt: accounts.joined(row) });
    if (isFull()) yield* flush();
  }
  for (let key = 0; key < table.keys; key++) {
    describeKey(components, key, log);
    if (isFull()) yield* flush();
  }
  yield log;
}

function describeKey(components: RingComponents, key: number, log: ChangeLog): void {
  const { table } = components;
  if (table.find(table.digest(key)) !== key) return;
  const place = { link: table.spec(key).name, key: table.text(key) };
  const lead = table.lead(key);
  const ringId = lead < 0 ? undefined : components.ringOf(lead)?.id;
  if (ringId !== undefined) log.keys.push({ ...place, ringId, endsAt: table.endsAt(key) });
  if (table.isHub(key)) log.hubs.push({ ...place, hub: true, accounts: table.accounts(key) });
}
