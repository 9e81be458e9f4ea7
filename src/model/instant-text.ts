import { z } from 'zod';
import { instantsExpected, parseInstant } from './time.js';

/** A time as callers write it: RFC 3339 with its offset, of the years that can be stored. `Date.parse` reads it. */
export const instantText = z.iso
  .datetime({ offset: true, abort: true })
  .refine((text) => parseInstant(text) !== undefined, instantsExpected);
