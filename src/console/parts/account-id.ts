import { callerIdMost } from '../../model/caller-id-most.ts';

/** For inputs: browsers count a character beyond U+FFFF as two. What is too long for all that, the service refuses. */
export const accountIdMaxLength = 2 * callerIdMost;

/** As the service counts. */
export const isAccountIdLength = (text: string): boolean => [...text].length <= callerIdMost;

/** `at most 256 signs` */
export const accountIdExpected = `at most ${callerIdMost} signs`;
