type Level = 'ok' | 'warn' | 'fail';

/** One line of `doctor`. */
export interface Finding {
  readonly check: string;
  readonly level: Level;
  /** What was seen; never a secret. */
  readonly says: string;
  /** What to do about it. */
  readonly todo?: string;
}

export const good = (check: string, says: string): Finding => ({ check, level: 'ok', says });
export const warn = (check: string, says: string, todo: string): Finding => ({ check, level: 'warn', says, todo });
export const fail = (check: string, says: string, todo: string): Finding => ({ check, level: 'fail', says, todo });

/** First line of whatever was thrown. */
export const reasonOf = (error: unknown): string => {
  const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
  return message.split('\n', 1).join('') || String(error);
};

const warnSkewMs = 1000;
/** Redis tells an older copy of itself by clocks that went back by more. */
const failSkewMs = 10_000;

/** Its clock against ours. */
export function clockFinding(check: string, aheadMs: number): Finding {
  const [level, seconds] = [Math.abs(aheadMs), (Math.abs(aheadMs) / 1000).toFixed(1)];
  const says = `its clock is ${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine's`;
  const todo = 'let both follow the same time server (NTP)';
  if (level > failSkewMs) return fail(check, says, todo);
  return level > warnSkewMs ? warn(check, says, todo) : good(check, says);
}
