import { readConfig } from '../../config.js';
import type { Environment } from '../command-arguments.js';
import { checkIpData } from './check-ip-data.js';
import { checkDataDir, checkNode } from './check-machine.js';
import { checkPort } from './check-port.js';
import { checkPostgres } from './check-postgres.js';
import { checkRedis } from './check-redis.js';
import { checkRules } from './check-rules.js';
import { checkSecrets } from './check-secrets.js';
import { type Finding, fail, good } from './finding.js';

export interface Diagnosis {
  /** Nothing fails. */
  readonly ok: boolean;
  readonly checks: readonly Finding[];
}

interface Machine {
  readonly nodeVersion: string;
  readonly now: number;
}

/** Every check; with a wrong environment only what does not depend on it. */
export async function diagnose(environment: Environment, { nodeVersion, now }: Machine): Promise<Diagnosis> {
  const node = checkNode(nodeVersion);
  const read = readConfig(environment);
  if (!read.ok) {
    const wrong = read.lines.map((line) => fail('environment', line, 'docs/operations.md lists all variables'));
    return told([node, ...wrong]);
  }
  const { config } = read;
  const stores = await Promise.all([
    checkDataDir(config),
    checkSecrets(config),
    checkPostgres(config),
    checkRedis(config),
  ]);
  // Reading rules and tables keeps this thread busy, which would look like a clock that is off.
  const rest = await Promise.all([checkRules(config), checkIpData(config, now), checkPort(config)]);
  return told([node, good('environment', 'every variable can be used'), ...stores.flat(), ...rest.flat()]);
}

const told = (checks: readonly Finding[]): Diagnosis => ({
  ok: checks.every(({ level }) => level !== 'fail'),
  checks,
});
