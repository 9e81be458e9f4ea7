import { readFileSync } from 'node:fs';

const [, flags] = /^service_flags='(.+)'$/m.exec(
  readFileSync(new URL('../scripts/prepare.sh', import.meta.url), 'utf8'),
);

/** What `./scripts/start` gives Node. */
export const serviceFlags = flags.split(' ');
