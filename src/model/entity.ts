/** Keyed hash of an identifier, `HMAC-SHA256(pepper[kid], type, normalised)`, as `kid.base64url`. */
export type HashIdentifier = (type: string, normalised: string) => string;

/** One key from the hashes of its parts; as hard to guess back and as unlikely to meet another as they are. */
export type CombineHashes = (hashes: readonly string[]) => string;
