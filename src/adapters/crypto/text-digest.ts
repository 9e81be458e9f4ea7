import { createHash, hash } from 'node:crypto';

type Algorithm = 'sha1' | 'sha256';

const streamed = (algorithm: Algorithm, text: string): string => createHash(algorithm).update(text).digest('base64url');

/** Digest of a text, base64url. In one call where Node has it (since 20.12): a third of the cost of making a Hash object. */
export const textDigest: (algorithm: Algorithm, text: string) => string =
  typeof hash === 'function' ? (algorithm, text) => hash(algorithm, text, 'base64url') : streamed;
