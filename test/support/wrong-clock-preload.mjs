import { readFileSync } from 'node:fs';

/** Preloaded into a service: its wall clock goes wrong by the milliseconds that stand in a file. */
const skewMs = Number(readFileSync(process.env.TRIAL_SKEW_FILE ?? '', 'utf8'));
const RealDate = Date;
const now = () => RealDate.now() + skewMs;

// No subclass: dates that come from elsewhere have to be dates all the same.
globalThis.Date = new Proxy(RealDate, {
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  construct: (target, given) => new target(...(given.length === 0 ? [now()] : given)),
});
