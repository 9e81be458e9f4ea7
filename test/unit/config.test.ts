import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { readToolConfig } from '../../src/tool-config.js';

describe('readConfig', () => {
  it('needs nothing: every variable has a default', () => {
    expect(readConfig({})).toMatchObject({
      ok: true,
      config: { HOST: '127.0.0.1', PORT: 8080, DATA_DIR: '.portcullis', RULES_DIR: 'rules', EVENT_TIME: 'bounded' },
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(readConfig({ PORT: '', REDIS_URL: '' })).toMatchObject({ ok: true, config: { PORT: 8080 } });
  });

  it('takes milliseconds for DRAIN_MS, as far as they are part of the end', () => {
    expect(readConfig({})).toMatchObject({ config: { DRAIN_MS: 1000 } });
    expect(readConfig({ DRAIN_MS: '0' })).toMatchObject({ config: { DRAIN_MS: 0 } });
    expect(readConfig({ DRAIN_MS: '4001' })).toEqual({
      ok: false,
      lines: ['DRAIN_MS: expected milliseconds from 0 to 4000, not "4001"'],
    });
  });

  it('reads cluster nodes and roles as lists', () => {
    expect(readConfig({ REDIS_CLUSTER: 'a:1, [::1]:2', ROLES: 'api' })).toMatchObject({
      config: {
        REDIS_CLUSTER: [
          { host: 'a', port: 1 },
          { host: '[::1]', port: 2 },
        ],
        ROLES: ['api'],
      },
    });
  });

  it('reads who may come in at the nodes of a cluster, and whether in private', () => {
    const one = { host: 'a', port: 1, username: 'me', password: 'x,y@z', tls: true };
    expect(readConfig({ REDIS_CLUSTER: 'rediss://me:x%2Cy%40z@a:1, rediss://me:x%2Cy%40z@b:2/' })).toMatchObject({
      ok: true,
      config: { REDIS_CLUSTER: [one, { ...one, host: 'b', port: 2 }] },
    });
    expect(readConfig({ REDIS_CLUSTER: 'redis://:secret@a:1' })).toMatchObject({
      config: { REDIS_CLUSTER: [{ host: 'a', port: 1, password: 'secret' }] },
    });
  });

  it('wants the same entrance to all nodes of a cluster, and tells no password', () => {
    const told = readConfig({ REDIS_CLUSTER: 'redis://:secret@a:1,b:2' });
    expect(told).toMatchObject({
      ok: false,
      lines: [expect.stringMatching(/the same user and password for all nodes/)],
    });
    expect(JSON.stringify(told)).not.toContain('secret');
  });

  it.each(['0.0.0.0', '::', '::1', 'fe80::1%eth0', 'localhost', 'a-host.example.com', 'my_host'])(
    'takes %s for a HOST',
    (HOST) => expect(readConfig({ HOST })).toMatchObject({ ok: true, config: { HOST } }),
  );

  it.each([
    ['false', 0],
    ['0', 0],
    ['true', 1],
    ['2', 2],
    ['10.0.0.1', ['10.0.0.1']],
    ['10.0.0.0/8, fd00::/8,loopback', ['10.0.0.0/8', 'fd00::/8', 'loopback']],
  ])('reads TRUST_PROXY=%s as whom to believe', (TRUST_PROXY, trusted) => {
    expect(readConfig({ TRUST_PROXY })).toMatchObject({ ok: true, config: { TRUST_PROXY: trusted } });
  });

  it('wants a sender where there is a server for mail', () => {
    expect(readConfig({ SMTP_URL: 'smtp://localhost:25' })).toEqual({
      ok: false,
      lines: ['MAIL_FROM: expected an address, since SMTP_URL is set; it is not set'],
    });
  });

  it.each([
    'redis://localhost',
    'redis://localhost/',
    'rediss://me:x%2Cy@localhost:6379/12',
    'redis://localhost/0?family=6',
  ])('takes %s for a REDIS_URL', (REDIS_URL) =>
    expect(readConfig({ REDIS_URL })).toMatchObject({ ok: true, config: { REDIS_URL } }),
  );

  it('reads providers by method, and takes a path for where browsers find the service', () => {
    const environment = {
      VERIFICATION_PROVIDERS: 'phone=https://one/x?y=1, document=http://two:81',
      PUBLIC_URL: 'https://example.com/here/',
    };
    expect(readConfig(environment)).toMatchObject({
      ok: true,
      config: {
        VERIFICATION_PROVIDERS: new Map([
          ['phone', 'https://one/x?y=1'],
          ['document', 'http://two:81'],
        ]),
        PUBLIC_URL: 'https://example.com/here/',
      },
    });
  });

  it('wants a server for mail to be named', () => {
    expect(readConfig({ SMTP_URL: 'smtp://', MAIL_FROM: 'no-reply@example.com' })).toEqual({
      ok: false,
      lines: ['SMTP_URL: expected smtp://host:port or smtps://host:port'],
    });
  });

  it('wants one Redis only', () => {
    expect(readConfig({ REDIS_URL: 'redis://localhost', REDIS_CLUSTER: 'a:1' })).toEqual({
      ok: false,
      lines: ['REDIS_CLUSTER: expected none where REDIS_URL is set'],
    });
  });

  it.each([
    ['HOST', 'not..host'],
    ['HOST', 'a host'],
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['PORT', ' '],
    ['PORT', '0x2557'],
    ['PORT', '1e3'],
    ['REDIS_URL', 'http://localhost'],
    ['REDIS_CLUSTER', 'localhost'],
    ['REDIS_CLUSTER', 'h:99999'],
    ['REDIS_CLUSTER', 'h:1,h:0'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['TRUST_PROXY', 'constructor'],
    ['EVENT_TIME', 'yes'],
    ['BOOTSTRAP_API_KEY', 'short'],
    ['BOOTSTRAP_API_KEY', 'a key with blanks'],
    ['BOOTSTRAP_API_KEY', 'schlüssel-zum-tor'],
    ['IDENTIFIER_PEPPER', 'short'],
    ['LOG_LEVEL', 'loud'],
    ['ROLES', 'api,console'],
    ['TRUST_PROXY', 'maybe'],
    ['TRUST_PROXY', '999.1.1.1'],
    ['TRUST_PROXY', ','],
    ['TRUST_PROXY', '10.0.0.0/0'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.1,'],
    ['TRUST_PROXY', '-1'],
    ['VERIFICATION_PROVIDER_URL', 'ftp://x'],
    ['VERIFICATION_PROVIDER_URL', 'https://user:hunter2@provider/x'],
    ['VERIFICATION_PROVIDERS', 'fax=https://provider/x'],
    ['VERIFICATION_PROVIDERS', 'phone=provider'],
    ['VERIFICATION_PROVIDERS', 'phone=https://user:hunter2@provider/x'],
    ['VERIFICATION_PROVIDERS', 'phone=https://one,phone=https://two'],
    ['PUBLIC_URL', 'example.com'],
    ['PUBLIC_URL', 'https://example.com/here?z=1'],
    ['PUBLIC_URL', 'https://example.com/here#part'],
    ['PUBLIC_URL', 'https://user:hunter2@example.com'],
    ['REDIS_URL', 'redis://localhost:6379/abc'],
    ['REDIS_URL', 'redis://localhost:6379/-1'],
    ['REDIS_URL', 'redis://localhost:6379/1/2'],
    ['REDIS_URL', 'redis://localhost:6379?db=2'],
  ])('says in one line what is wrong with %s=%s', (name, value) => {
    const result = readConfig({ [name]: value });
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.lines).toHaveLength(1);
    expect(result.lines[0]).toMatch(new RegExp(`^${name}: .*expected`));
  });

  it('takes for what callbacks are signed with no `whsec_` that is no key, or a short one', () => {
    const read = (secret: string) => readConfig({ VERIFICATION_CALLBACK_SECRET: secret });
    for (const secret of ['whsec_!!!!!!!!!!!!!!!!', 'whsec_', 'whsec_AAAAAAAAAA', `whsec_${'A'.repeat(18)}`])
      expect(read(secret)).toMatchObject({
        ok: false,
        lines: expect.arrayContaining([expect.stringContaining('VERIFICATION_CALLBACK_SECRET: expected')]),
      });
    for (const secret of ['whsec_MfKQ9r8GKYqrTwjUPD8ILQ==', `whsec_${'A'.repeat(32)}`, 'sixteen letters!'])
      expect(read(secret)).toMatchObject({ ok: true });
  });

  it('never repeats a secret', () => {
    const result = readConfig({
      BOOTSTRAP_API_KEY: 'hunter2',
      DATABASE_URL: 'mysql://me:hunter2@db/x',
      VERIFICATION_PROVIDERS: 'fax=https://me:hunter2@provider',
    });
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('wants a long bootstrap key in production', () => {
    expect(readConfig({ NODE_ENV: 'production', BOOTSTRAP_API_KEY: 'only-twelve!' }).ok).toBe(false);
    expect(readConfig({ NODE_ENV: 'production', BOOTSTRAP_API_KEY: 'x'.repeat(32) }).ok).toBe(true);
  });
});

it('docs/operations.md names every variable that is read', async () => {
  const [source, told] = await Promise.all(
    ['src/config.ts', 'docs/operations.md'].map((path) => readFile(path, 'utf8')),
  );
  const names = [...(source ?? '').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => told?.includes(`\`${name}\``) !== true)).toEqual([]);
});

describe('readToolConfig', () => {
  it('takes the usual folders where nothing is named, and where what is named is empty', () => {
    const usual = { rulesDir: 'rules', dataDir: '.portcullis' };
    expect(readToolConfig({})).toEqual(usual);
    expect(readToolConfig({ RULES_DIR: '', DATA_DIR: '', MAXMIND_DIR: '' })).toEqual(usual);
  });

  it('says of folders what the service would take', () => {
    const environment = { RULES_DIR: 'ours', DATA_DIR: '/var/portcullis', MAXMIND_DIR: '/var/mmdb' };
    expect(readConfig(environment)).toMatchObject({ ok: true, config: environment });
    expect(readToolConfig(environment)).toEqual({
      rulesDir: 'ours',
      namedRulesDir: 'ours',
      dataDir: '/var/portcullis',
      namedDataDir: '/var/portcullis',
      databasesDir: '/var/mmdb',
    });
  });
});
