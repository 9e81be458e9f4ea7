import { z } from 'zod';
import { compileAccepts } from './accepts.js';
import { callerIdMost } from './caller-id-most.js';

/** What the id of an account or an API key may be, wherever callers name one: 1 to `callerIdMost` characters. */
export const callerId = z.string().min(1).max(callerIdMost);

const accepts = compileAccepts(callerId);

/** The same question about a text that comes without a body, as the gate's headers do. */
export const isCallerId = (text: string): boolean => accepts(text) || callerId.safeParse(text).success;
