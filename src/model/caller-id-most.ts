/** Characters (code points) that the id of an account or an API key may have; the console reads it too. */
export const callerIdMost = 256;
