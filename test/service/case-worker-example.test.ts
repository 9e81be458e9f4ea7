import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { anEvent, projectRoot, type Service, startService } from '../support/service.js';

const worker = join(projectRoot, 'docs/examples/case-worker/case-worker.mjs');

/** Held with fewer points than the example rejects from. */
const rules = {
  'rules.yml': `reasons:
  network.trial: { title: Held, public: additional_verification_required }
rules:
  - { id: held, family: network, on: [signup], when: 'ip.version == 4', points: 60, at_least: hold, reason: network.trial, title: all, owner: us }
`,
};

let service: Service;
beforeAll(async () => {
  service = await startService({ rules });
}, 120_000);
afterAll(() => service?.remove(), 30_000);

async function workOnce(key: string) {
  const child = spawn('node', [worker, '--once'], {
    env: { PATH: process.env.PATH, PORTCULLIS_URL: service.url, PORTCULLIS_KEY: key },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const unwanted = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const ended = once(child, 'close');
  const said = await text(child.stdout);
  await ended;
  clearTimeout(unwanted);
  return { status: child.exitCode, lines: said.split('\n').filter((line) => line !== '') };
}

it('the worker of docs/queue.md asks about each case once, puts off what awaits an answer, and ends', async () => {
  const { body: key } = await service.call('POST', '/v1/keys', { body: { role: 'worker', name: 'example' } });
  for (const account of ['one', 'two']) await service.evaluate(anEvent(account));
  const { status, lines } = await workOnce(key.secret);
  expect(status).toBe(0);
  expect(lines.map((line) => line.split(' ').slice(1).join(' '))).toEqual(['decided', 'decided', 'put off', 'put off']);
  const { body: found } = await service.call('GET', '/v1/cases?view=snoozed');
  expect(found.data).toHaveLength(2);
  for (const { id } of found.data) {
    const { body: detail } = await service.call('GET', `/v1/cases/${id}`);
    const asked = detail.timeline.filter(({ kind }: { kind: string }) => kind === 'verification_requested');
    expect(asked).toHaveLength(1);
  }
  expect((await workOnce(key.secret)).lines).toEqual([]);
}, 60_000);
