import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSmtpMailer } from '../../src/adapters/verification/smtp-mailer.js';
import { startMailServer } from '../support/mail-server.js';

let mail: Awaited<ReturnType<typeof startMailServer>>;
beforeAll(async () => {
  mail = await startMailServer((address) => !address.startsWith('nobody'));
});
afterAll(() => mail.stop());

const from = 'Example <no-reply@example.com>';
const send = (to: string, url = mail.url) =>
  createSmtpMailer({ url, from, timeoutMs: 2000 }).send({ to, subject: 'Your code is 123456', text: '123456' });

describe('mail', () => {
  it.each([
    'a,victim@mail.example',
    'x<victim@mail.example>',
    'a;b@mail.example',
    '"a"@mail.example',
    'a@b@mail.example',
  ])('goes nowhere for an address that could be read as another: %s', async (to) => {
    await expect(send(to)).rejects.toThrow('not a plain one');
    expect(mail.received).toEqual([]);
  });

  it('rejects where nobody takes it', async () => {
    await expect(send('nobody@mail.example')).rejects.toThrow();
    await expect(send('a@mail.example', 'smtp://127.0.0.1:1')).rejects.toThrow();
  });

  it('says that a machine wrote it', async () => {
    await send('a@mail.example');
    expect(mail.received.at(-1)?.text).toMatch(/^Auto-Submitted: auto-generated/m);
    expect(mail.received.at(-1)).toMatchObject({ from: 'no-reply@example.com', to: ['a@mail.example'] });
  });
});
