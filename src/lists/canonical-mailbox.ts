import { emailParts } from '../model/mailbox.js';
import { asciiDomain } from './ascii-domain.js';

/** One text for all spellings that reach the same mailbox, as `email.address` has it; undefined when it is no address. */
export const canonicalMailbox = (address: string): string | undefined =>
  emailParts(address, { toAscii: asciiDomain })?.canonical;
