import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadRulesFolder } from '../../src/adapters/files/open-rules.js';
import { OtherThreadValidator } from '../../src/adapters/files/validate/other-thread-validator.js';
import { withTestProblems } from '../../src/sequences/with-test-problems.js';
import { ensureBuilt, projectRoot, type Service, startService } from '../support/service.js';

const mostBytes = 1_000_000;

const rule = (id: string, when: string): string =>
  `  - {id: ${id}, family: payment, on: [signup], points: 1, reason: payment.reused, title: t, owner: o, when: '${when}'}\n`;

/** As many files as a body may hold, of which each is filled with what `line` makes. */
function fill(line: (index: number) => string): Record<string, string> {
  const files: Record<string, string> = {};
  let index = 0;
  for (let file = 0; file < 4; file++) {
    let text = 'rules:\n';
    let bytes = 0;
    while (bytes < mostBytes / 4 - 4200) {
      const next = line(index++);
      text += next;
      bytes += JSON.stringify(next).length;
    }
    files[`f${file}.yml`] = text;
  }
  return files;
}

const letters = (index: number): string =>
  Array.from({ length: 33 }, (_, at) => `${String.fromCharCode(97 + ((index + at) % 26))}{1000}`).join('');

const hostile: readonly (readonly [what: string, files: () => Record<string, string>])[] = [
  [
    'patterns of thousands of repeats',
    () =>
      fill((index) => rule(`x-y${index}`, `email.shape.matches("${String(index).padStart(4, '0')}${letters(index)}")`)),
  ],
  [
    'patterns that are just short enough',
    () => fill((index) => rule(`x-y${index}`, `email.shape.matches("${index}.{980}")`)),
  ],
  ['one mistake on each line', () => fill(() => '  - x\n')],
  [
    'conditions of five hundred parts',
    () =>
      fill((index) =>
        rule(
          `x-y${index}`,
          Array(240)
            .fill(`ip.asn == ${index}`)
            .join(' || ')
            .slice(0, 4000)
            .replace(/ \|\|[^|]*$/, ''),
        ),
      ),
  ],
];

describe('checking rules that somebody has sent', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService();
  }, 120_000);

  afterAll(() => service.remove());

  it.each(hostile)(
    'keeps the gate answering: %s',
    async (_what, files) => {
      let isOver = false;
      const checking = service.call('POST', '/v1/rulesets:validate', { body: { files: files() } }).finally(() => {
        isOver = true;
      });
      let slowest = 0;
      let asked = 0;
      while (!isOver) {
        slowest = Math.max(slowest, (await service.gate({ accountId: 'acct_nobody' })).ms);
        asked += 1;
      }
      const { status } = await checking;
      expect([200, 422]).toContain(status);
      expect(asked).toBeGreaterThan(0);
      expect(slowest).toBeLessThan(1500);
    },
    90_000,
  );

  it('tells what is wrong, and that nothing is', async () => {
    const check = (text: string) =>
      service.call('POST', '/v1/rulesets:validate', {
        body: { files: { 'policy.yml': 'policy: {}\n', 'a.yml': text } },
      });
    expect(await check('rules: []\n')).toMatchObject({ status: 200, body: { ok: true, errors: [] } });
    const wrong = await check(`rules:\n${rule('a-b', 'email.shape.matches("(a{30}){40}")')}`);
    expect(wrong.body).toMatchObject({ ok: false });
    expect(wrong.body.errors).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'E135' })]));
  });
});

const threadFile = pathToFileURL(join(projectRoot, 'dist/adapters/files/validate/validating-thread.js'));

describe('files that are sent and files in a folder', () => {
  const right = `rules:\n${rule('a-b', 'ip.asn == 7')}`;
  const test =
    'name: t\nevents: [{ type: signup, account.id: a, ip: 203.0.113.4 }]\nexpect: [{ event: 1, quiet: [a-x] }]\n';

  it.each<[string, Readonly<Record<string, string>>]>([
    ['a test of a rule that is not there', { 'policy.yml': 'policy: {}\n', 'a.yml': right, 'tests/a.test.yml': test }],
    ['nothing', {}],
    ['no rules', { 'README.md': 'rules: [' }],
    ['an empty file', { 'a.yml': right, 'b.yml': ' ' }],
    ['a list by another name', { 'a.yml': right, 'lists/burned.csv': 'a,b' }],
    ['a hidden file', { 'a.yml': right, 'old/.b.yml': 'rules: [' }],
  ])('are told the same of: %s', async (_what, files) => {
    const folder = mkdtempSync(join(tmpdir(), 'sent-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { errors, warnings } = withTestProblems(await loadRulesFolder(folder, 'error'));
    rmSync(folder, { recursive: true });
    const validator = new OtherThreadValidator({ threadFile });
    const sent = await validator.validate({ files: new Map(Object.entries(files)), now: Date.now() });
    await validator.close();
    expect(sent).toEqual({ ok: true, value: { errors, warnings } });
  });
});

describe('the thread that checks rules', () => {
  const small = { files: new Map([['a.yml', 'rules: []\n']]), now: 0 };
  /** Does `first` with files of the first millisecond, and finds nothing wrong with all others. */
  const thread = (first: string): URL => {
    const text = `import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ now }) => {
        if (now === 1) ${first};
        parentPort.postMessage({ errors: [], warnings: [] });
      });`;
    return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
  };

  beforeAll(ensureBuilt, 120_000);

  it('that takes too long is ended, and the next files are checked by another', async () => {
    const validator = new OtherThreadValidator({ threadFile: thread('for (;;) {}'), withinMs: 1500 });
    const [slow, after] = await Promise.all([validator.validate({ ...small, now: 1 }), validator.validate(small)]);
    expect(slow).toMatchObject({ ok: false, error: { code: 'invalid' } });
    expect(after).toMatchObject({ ok: true, value: { warnings: expect.any(Array) } });
    await validator.close();
  });

  it('that breaks fails its files and no others', async () => {
    const validator = new OtherThreadValidator({ threadFile: thread('process.exit(3)') });
    await expect(validator.validate({ ...small, now: 1 })).rejects.toThrow('has ended');
    expect(await validator.validate(small)).toMatchObject({ ok: true });
    await validator.close();
  });

  it('has only so many wait for it', async () => {
    const validator = new OtherThreadValidator({ threadFile, mostWaiting: 2 });
    const answers = await Promise.all([small, small, small].map((one) => validator.validate(one)));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(answers[2]).toMatchObject({ error: { code: 'too_many_requests' } });
    await validator.close();
  });
});
