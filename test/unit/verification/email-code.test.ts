import { describe, expect, it } from '@jest/globals';
import { createEmailCodeCheck, type EmailCodes, type Mailer, sixDigits } from '../../../src/verification/email-code.js';
import { maskedAddress } from '../../../src/verification/verification-desk.js';

const bytes = (...numbers: number[]) => Uint8Array.from(numbers);

describe('six digits', () => {
  it('keep their zeros', () => {
    expect(sixDigits(() => bytes(0, 0, 0, 7))).toBe('000007');
  });

  it('are drawn again where some codes would be likelier than others', () => {
    const draws = [bytes(255, 255, 255, 255), bytes(0, 1, 226, 64)];
    expect(sixDigits(() => draws.shift() ?? bytes(0, 0, 0, 0))).toBe('123456');
  });
});

describe('a code by mail', () => {
  const random = () => bytes(0, 1, 226, 64);
  const message = (code: string) => ({ subject: code, text: code });
  const noCodes: EmailCodes = {
    put: async () => true,
    withdraw: async () => undefined,
    takeTry: async () => undefined,
    use: async () => false,
    used: async () => undefined,
  };
  const check = (codes: Partial<EmailCodes>, mailer: Mailer = { send: async () => undefined }) =>
    createEmailCodeCheck({ codes: { ...noCodes, ...codes }, mailer, secret: 's', random, message });

  it('is stored as a hash that differs for each account', async () => {
    const hashes: string[] = [];
    const put: EmailCodes['put'] = async ({ hash }) => hashes.push(hash) > 0;
    await check({ put }).send('a', 'a@mail.example', 0);
    await check({ put }).send('b', 'a@mail.example', 0);
    expect(new Set(hashes).size).toBe(2);
    expect(hashes.join()).not.toContain('123456');
  });

  it('counts one mailbox as one address, under no readable name, whichever account names it', async () => {
    const addresses: string[] = [];
    const put: EmailCodes['put'] = async ({ address }) => addresses.push(address) > 0;
    await check({ put }).send('a', 'Some.One+1@mail.example', 0);
    await check({ put }).send('b', 'someone+2@Mail.example', 0);
    await check({ put }).send('b', 'someone@other.example', 0);
    expect(addresses[0]).toBe(addresses[1]);
    expect(addresses[2]).not.toBe(addresses[0]);
    expect(addresses.join()).not.toContain('mail');
  });

  it('counts all spellings of one mailbox as one address', async () => {
    const addresses = new Set<string>();
    const put: EmailCodes['put'] = async ({ address }) => addresses.add(address).size > 0;
    const spellings = [
      'victim@gmail.com',
      'victim@gmail。com',
      'victim@gmail．com',
      'victim@ｇmail.com',
      'victim@ＧＭＡＩＬ.com',
      'victim@gmail.com.',
      'victim@googlemail.com',
      'Ｖic.tim+1@gmail.com',
      'vi\u200bctim@gmail.com',
      '"victim"@gmail.com',
    ];
    for (const [place, spelling] of spellings.entries()) await check({ put }).send(`acct_${place}`, spelling, 0);
    expect(addresses.size).toBe(1);
  });

  it('that nobody took does not count', async () => {
    const withdrawn: string[] = [];
    const mailer = { send: async () => Promise.reject(new Error('550 a@mail.example is unknown')) };
    const withdraw: EmailCodes['withdraw'] = async ({ accountId }) => void withdrawn.push(accountId);
    expect(await check({ withdraw }, mailer).send('a', 'a@mail.example', 0)).toBe('not_sent');
    expect(withdrawn).toEqual(['a']);
  });

  it('is used up by the fifth wrong try', async () => {
    const takeTry = (triesLeft: number) => check({ takeTry: async () => ({ hash: 'x', triesLeft }) });
    expect(await takeTry(1).enter('a', '111111', 0)).toBe('wrong');
    expect(await takeTry(0).enter('a', '111111', 0)).toBe('used_up');
  });
});

describe('a masked address', () => {
  it.each([
    ['li.wei@mail.example', 'l•••@m•••.example'],
    ['😀x@host', '😀•••@h•••'],
    ['a@b@c.org', 'a•••@c•••.org'],
  ])('of %s tells little', (address, masked) => expect(maskedAddress(address)).toBe(masked));
});
