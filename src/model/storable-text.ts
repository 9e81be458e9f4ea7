import { z } from 'zod';

const unstorable = /[\0\p{Cs}]/u;

/** PostgreSQL stores neither NUL nor half a surrogate pair: refused where the caller can be told. */
export const isStorable = (text: string): boolean => !unstorable.test(text);

/** Text that something is looked for by. */
export const storableText = (most: number) =>
  z.string().min(1).max(most).refine(isStorable, 'NUL and lone surrogates are not allowed in text');
