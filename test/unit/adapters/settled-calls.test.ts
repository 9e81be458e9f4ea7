import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { SettledCalls } from '../../../src/adapters/files/settled-calls.js';
import { eventually } from '../../support/eventually.js';

/** A folder whose text is read by each call; reading takes so many milliseconds. */
function readFolder(readingMs = 0) {
  const folder = { text: 'first', calls: 0, used: [] as string[] };
  const calls = new SettledCalls(async ({ isOvertaken, settled }) => {
    folder.calls++;
    const { text } = folder;
    await sleep(readingMs);
    if (!isOvertaken() && (await settled())) folder.used.push(text);
  });
  const write = (text: string): void => {
    folder.text = text;
    calls.changed();
  };
  return { folder, calls, write };
}

describe('calls after changes of a folder', () => {
  it('use nothing that is followed by another change within a moment', async () => {
    const { folder, calls, write } = readFolder();
    write('half of');
    await sleep(20);
    write('half of it, and the rest');
    await eventually(async () => folder.used.length === 1);
    await sleep(60);
    expect(folder.used).toEqual(['half of it, and the rest']);
    await calls.close();
  });

  it('are one for all changes that came while another was running', async () => {
    const { folder, calls, write } = readFolder(120);
    write('one');
    await eventually(async () => folder.calls === 1);
    for (const text of ['two', 'three', 'four']) {
      write(text);
      await sleep(20);
    }
    await eventually(async () => folder.used.length > 0);
    await sleep(150);
    expect(folder).toMatchObject({ calls: 2, used: ['four'] });
    await calls.close();
  });

  it('come once a second, and are not overtaken, where the writing never stops', async () => {
    const { folder, calls, write } = readFolder(30);
    let written = 0;
    const writer = setInterval(() => write(`text ${written++}`), 15);
    await eventually(async () => folder.used.length >= 2);
    clearInterval(writer);
    expect(folder.used.length).toBeLessThanOrEqual(written / 20);
    await eventually(async () => folder.used.at(-1) === `text ${written - 1}`);
    await calls.close();
  });
});
