import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readLines, readText } from '../../../src/adapters/files/read-lines.js';
import { unreadableReason } from '../../../src/replay/unreadable-line.js';

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-lines-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const mark = Buffer.from([0xef, 0xbb, 0xbf]);
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const big = (size: number): Buffer => Buffer.alloc(size, 'x');

async function linesOf(...parts: readonly (string | Buffer)[]): Promise<string[]> {
  const file = join(home, 'lines');
  await writeFile(file, Buffer.concat(parts.map((part) => Buffer.from(part))));
  const lines: string[] = [];
  for await (const block of readLines(file)) lines.push(...block);
  return lines;
}

describe('readLines', () => {
  it('gives the lines as they are, wherever blocks end', async () => {
    expect(await linesOf()).toEqual([]);
    expect(await linesOf('a')).toEqual(['a']);
    expect(await linesOf('a\n\nb\n')).toEqual(['a', '', 'b']);
    const long = Array.from({ length: 40_000 }, (_, n) => `${n} é€😀 ${'x'.repeat(n % 37)}`);
    expect(await linesOf(long.join('\n'))).toEqual(long);
  });

  it('leaves the byte order mark out, at the beginning of the file and nowhere else', async () => {
    expect(await linesOf(mark, 'a\n', mark, 'b\n')).toEqual(['a', '\uFEFFb']);
    expect(await linesOf(mark, 'a')).toEqual(['a']);
  });

  it('tells which lines are not UTF-8, and keeps those around them', async () => {
    const lines = await linesOf('{"a":"é"}\n', latin1('{"a":"é"}\n'), '{"a":"€"}\n', Buffer.from([0xe2, 0x82]));
    expect(lines.map((line) => unreadableReason(line) ?? line)).toEqual([
      '{"a":"é"}',
      'this is not UTF-8',
      '{"a":"€"}',
      'this is not UTF-8',
    ]);
  });

  it('keeps nothing of a line that is too long, and goes on after it', async () => {
    const most = 4 * 1024 * 1024;
    const lines = await linesOf('a\n', big(most), '\n', big(most + 1), '\nb\n', big(3 * most));
    expect(lines.map((line) => unreadableReason(line) ?? line.length)).toEqual([
      1,
      most,
      'this is longer than 4 MiB',
      1,
      'this is longer than 4 MiB',
    ]);
  });
});

describe('readText', () => {
  it('gives a whole file without its byte order mark, and refuses what is not UTF-8', async () => {
    const file = join(home, 'text');
    await writeFile(file, Buffer.concat([mark, Buffer.from('{}')]));
    expect(await readText(file)).toBe('{}');
    await writeFile(file, latin1('é'));
    await expect(readText(file)).rejects.toThrow(`'${file}' is not UTF-8`);
  });
});
