import { type BodyHash, isFormerBodyHash } from '../crypto/body-hash.js';
import type { Queryable } from './database.js';

const pageRows = 1000;
/** Where the next page begins, in `meta`: the last decision that was looked at. */
const placeKey = 'bodies_rehashed_to';
const placeSql = 'select value from meta where key = $1';
const pageSql = 'select id, body_hash from decisions where id > $1 order by id limit $2';
const changeSql = `update decisions d set body_hash = r.keyed
  from unnest($1::text[], $2::text[], $3::text[]) r (id, former, keyed) where d.id = r.id and d.body_hash = r.former`;
const keepSql = `insert into meta (key, value) values ($1, $2)
  on conflict (key) do update set value = greatest(meta.value, excluded.value)`;

/**
 * Gives the next page of decisions the keyed hash in place of a digest from before hashes of bodies had a key. False when
 * there are no more. Any number of instances may do the same; what is left of an instance of before is found at a later start.
 */
export async function rehashBodies(database: Queryable, ofFormer: BodyHash['ofFormer']): Promise<boolean> {
  const [place] = await database.query<{ value: string }>(placeSql, [placeKey]);
  const rows = await database.query<{ id: string; body_hash: string }>(pageSql, [place?.value ?? '', pageRows]);
  const old = rows.filter(({ body_hash }) => isFormerBodyHash(body_hash));
  const columns = [
    old.map(({ id }) => id),
    old.map(({ body_hash }) => body_hash),
    old.map(({ body_hash }) => ofFormer(body_hash)),
  ];
  if (old.length > 0) await database.query(changeSql, columns);
  const last = rows.at(-1);
  if (last !== undefined) await database.query(keepSql, [placeKey, last.id]);
  return rows.length === pageRows;
}
