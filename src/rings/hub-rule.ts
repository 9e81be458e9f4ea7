/** What is known of the accounts that share a key. */
interface KeyCrowd {
  readonly accounts: number;
  /** Verified, or long-standing and in good standing. */
  readonly trusted: number;
  /** Held, denied or labelled as fraud. */
  readonly out: number;
}

/** An account first seen this long ago, in good standing, is long-standing. Seven days. */
export const longStandingMs = 7 * 86_400_000;

/** Fewer trusted accounts than this make no hub. */
export const leastTrusted = 3;
const trustedShare = 0.2;

/**
 * A hub is shared by chance or by right, and links nobody: more accounts than the cap, or enough trusted ones among them
 * (three, and a fifth). Trust never outweighs as many accounts that are out: a farm does not age into a campus.
 */
export const isHub = ({ accounts, trusted, out }: KeyCrowd, hubCap: number): boolean =>
  accounts > hubCap || (trusted >= leastTrusted && trusted >= accounts * trustedShare && trusted > out);

/** Counting trusted accounts walks over the key: each time while they are few, then at every sixteenth account. */
export const isTimeToCount = (accounts: number): boolean => accounts <= 16 || accounts % 16 === 0;
