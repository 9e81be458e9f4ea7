import { join } from 'node:path';
import { findInstalledRedis, redisServerVersion } from '../../adapters/embedded/find-redis-server.js';
import { isDatabaseRefused, type RedisNode } from '../../adapters/redis/connection.js';
import { inspectRedis, type RedisCondition } from '../../adapters/redis/inspect-redis.js';
import type { Config } from '../../config.js';
import { clockFinding, type Finding, fail, good, reasonOf, warn } from './finding.js';

const oldestMajor = 7;
const isOld = (version: string): boolean => Number.parseInt(version, 10) < oldestMajor;

export function checkRedis({ REDIS_URL, REDIS_CLUSTER, DATA_DIR }: Config): Promise<readonly Finding[]> {
  if (REDIS_URL !== undefined) return checkServer(REDIS_URL, 'REDIS_URL', new URL(REDIS_URL).host);
  if (REDIS_CLUSTER !== undefined) return checkNodes(REDIS_CLUSTER);
  return checkEmbedded(DATA_DIR);
}

async function checkNodes(nodes: NonNullable<Config['REDIS_CLUSTER']>): Promise<readonly Finding[]> {
  const found = await Promise.all(
    nodes.map((node) => checkServer(urlOf(node), 'REDIS_CLUSTER', `${node.host}:${node.port}`)),
  );
  return found.flat();
}

function urlOf({ host, port, username = '', password = '', tls }: RedisNode): string {
  const who = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  return `${tls === true ? 'rediss' : 'redis'}://${who === ':' ? '' : `${who}@`}${host}:${port}`;
}

/** It is there, and does not let us in, or not all that we need. */
function todoOf(error: unknown, variable: string): string {
  const reason = reasonOf(error);
  if (isDatabaseRefused(error)) return `name a database in ${variable} that it has, or none: redis://host:port/0`;
  if (/\bNOPERM\b/.test(reason)) return 'give its user the rights that docs/operations.md names';
  if (/\b(NOAUTH|WRONGPASS)\b/.test(reason))
    return `name its user and password in ${variable}: redis://user:password@host:port`;
  return `start it, or set ${variable}`;
}

async function checkServer(url: string, variable: string, place: string): Promise<readonly Finding[]> {
  try {
    return conditionFindings(await inspectRedis(url), place);
  } catch (error) {
    return [fail('redis', `Redis at ${place} cannot be asked (${reasonOf(error)})`, todoOf(error, variable))];
  }
}

export function conditionFindings(
  { version, hasAof, maxmemory, policy, dropped, aheadMs }: RedisCondition,
  place: string,
): readonly Finding[] {
  const which = `Redis ${version} at ${place}`;
  return [
    isOld(version) ? fail('redis', which, `use Redis ${oldestMajor} or newer`) : good('redis', which),
    hasAof
      ? good('redis_aof', 'append-only file on')
      : warn('redis_aof', 'append-only file off: a restart costs history', 'set appendonly yes'),
    policy === 'noeviction'
      ? good('redis_policy', 'maxmemory-policy noeviction')
      : (maxmemory > 0 ? fail : warn)(
          'redis_policy',
          `maxmemory-policy ${policy}: records vanish when memory is full`,
          'set maxmemory-policy noeviction',
        ),
    ...(dropped === 0
      ? []
      : [
          warn(
            'redis_dropped',
            `${dropped} records were dropped for lack of memory since it started`,
            'set maxmemory-policy noeviction: a service that runs then counts its history again (portcullis_velocity_history_whole is 1), and CONFIG RESETSTAT ends this line',
          ),
        ]),
    clockFinding('redis_clock', aheadMs),
  ];
}

/** What the service would start; nothing is fetched for it here. */
async function checkEmbedded(dataDir: string): Promise<readonly Finding[]> {
  const program = await findInstalledRedis({ cacheDir: join(dataDir, 'cache') });
  if (program === undefined)
    return [
      warn(
        'redis',
        'no redis-server on this machine',
        'install it, or set REDIS_URL; on Debian the first start tries to fetch it',
      ),
    ];
  const version = await redisServerVersion(program);
  const which = `embedded: ${program.command}, version ${version}; append-only file and noeviction are set by us`;
  return [isOld(version) ? fail('redis', which, `install Redis ${oldestMajor} or newer`) : good('redis', which)];
}
