/** Where counts about a ring stop, as the service has it (docs/rings.md): from there on they say how many at least. */
const accountsMost = 10_000;
const networksMost = 256;

const counted = (count: number, most: number): string =>
  count < most ? count.toLocaleString('en') : `${most.toLocaleString('en')} or more`;

/** Its size, how many joined, how many are labelled. */
export const accountsWords = (count: number): string => counted(count, accountsMost);

/** Parts of the network, and providers. */
export const networksWords = (count: number): string => counted(count, networksMost);
