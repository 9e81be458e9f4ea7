import { domainToASCII } from 'node:url';

/** How domains are compared, whichever way they are written: `bücher.example` is `xn--bcher-kva.example` (UTS 46). */
export const asciiDomain = (domain: string): string | undefined => domainToASCII(domain) || undefined;

const outsideAscii = /[^\0-\x7f]/;
/** Labels between dots, or what UTS 46 reads as dots; no address of mail, no sentence and no id with a `_` or a `/`. */
const domainLike = /^[\p{L}\p{M}\p{N}\p{S}-]+(?:[.。．｡][\p{L}\p{M}\p{N}\p{S}-]+)+$/u;

const asciiName = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** Can a domain of mail be this one, in lower case? False for what has spaces, an `@`, an empty or overlong label. */
export const isMailDomain = (text: string): boolean => asciiName.test(asciiDomain(text) ?? '');

/** The text, or how it is compared where it is a domain with letters beyond ASCII. */
export const asciiIfDomain = (text: string): string =>
  outsideAscii.test(text) && domainLike.test(text) ? (asciiDomain(text) ?? text) : text;
