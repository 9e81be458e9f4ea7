import { type IpTableAge, ipTableAges } from '../../adapters/files/ip-data-age.js';
import { openMaxMind } from '../../adapters/maxmind/open-maxmind.js';
import type { Config } from '../../config.js';
import { type Finding, fail, good, reasonOf, warn } from './finding.js';

const dayMs = 86_400_000;
const freshDays = 180;

export async function checkIpData({ DATA_DIR, MAXMIND_DIR }: Config, now: number): Promise<readonly Finding[]> {
  const tables = await tableFindings(DATA_DIR, now);
  return MAXMIND_DIR === undefined ? tables : [...tables, ...(await maxmindFindings(MAXMIND_DIR))];
}

const tableFindings = (dataDir: string, now: number): Promise<readonly Finding[]> =>
  ipTableAges(dataDir).then(
    (ages) => ages.map((age) => ageFinding(age, now)),
    (error: unknown) => [
      fail('ip_data', `the packages with IP data are not there (${reasonOf(error)})`, 'install anew'),
    ],
  );

export function ageFinding({ name, from, at, isDamaged }: IpTableAge, now: number): Finding {
  const days = Math.max(0, Math.floor((now - at.getTime()) / dayMs));
  const check = `ip_${name}`;
  const says = `from ${from === 'update' ? "'data update'" : 'the package'}, ${days} days old`;
  const todo = "'portcullis data update --from DIR|URL' brings newer ones";
  if (isDamaged) return warn(check, `${says}: the one in DATA_DIR is damaged and passed over`, todo);
  return days > freshDays ? warn(check, says, todo) : good(check, says);
}

async function maxmindFindings(dir: string): Promise<readonly Finding[]> {
  const { databases, problems } = await openMaxMind(dir);
  const todo = 'set MAXMIND_DIR to a folder of *.mmdb files';
  if (databases.length === 0) return [fail('maxmind', problems[0] ?? `${dir} holds no *.mmdb file`, todo)];
  return [
    good('maxmind', databases.map(({ type }) => type).join(', ')),
    ...problems.map((problem) => warn('maxmind', problem, 'replace this file')),
  ];
}
