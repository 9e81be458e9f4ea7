import { createHmac } from 'node:crypto';
import type { HashIdentifier } from '../../model/entity.js';

export interface Pepper {
  /** Names the pepper, so that a later one can be told from it. */
  readonly kid: string;
  readonly secret: string;
}

/** 144 bits: no two of a billion identifiers meet. */
const length = 24;

/** `kid.` and the beginning of HMAC-SHA256(pepper, type, 0x00, normalised): equal values meet, none can be guessed back. */
export const createIdentifierHash =
  ({ kid, secret }: Pepper): HashIdentifier =>
  (type, normalised) =>
    `${kid}.${createHmac('sha256', secret).update(`${type}\0${normalised}`).digest('base64url').slice(0, length)}`;
