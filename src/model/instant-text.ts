import { z } from 'zod';
import { instantsExpected, parseInstant } from './time.js';

/** RFC 3339 allows both letters in lower case. */
const rfc3339 = new RegExp(z.core.regexes.datetime({ offset: true }).source.replace('T', '[Tt]').replace('Z', '[Zz]'));

/** No clock here knows such a second, and to take it for another would be a guess. */
const leapSecond = /[Tt]\d{2}:\d{2}:60/;

/** A time as callers write it: RFC 3339 with its offset, of the years that can be stored. `Date.parse` reads it. */
export const instantText = z
  .string()
  .regex(rfc3339, {
    error: ({ input }) =>
      typeof input === 'string' && leapSecond.test(input)
        ? 'a leap second (:60) is not taken: send the second before or after it'
        : 'expected an RFC 3339 time, such as "2026-05-01T12:00:00Z"',
    abort: true,
  })
  .refine((text) => parseInstant(text) !== undefined, instantsExpected)
  .meta({ format: 'date-time' });
