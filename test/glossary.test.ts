import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const glossary = readFileSync(join(root, 'docs/glossary.md'), 'utf8');
const words = [...glossary.matchAll(/^\| ([a-z -]+) \|/gm)].map((match) => match[1] ?? '').slice(1);

const textsBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|yml|sql|lua)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));

const source = textsBelow('src').join('\n');
const rules = textsBelow('rules').join('\n');

/** Words that others use for decision, event and account. (Redis has clusters.) */
const otherWords = /\w*(?:verdict|risk_?event|risk_?action|profileId|profile_id)\w*|\w+Facts?\b/gi;

describe('the glossary', () => {
  it('has the words of the product', () => {
    expect(words.length).toBeGreaterThan(20);
    expect(new Set(words).size).toBe(words.length);
  });

  it('has no word that nothing is called by', () => {
    const text = source.toLowerCase();
    const used = (word: string): boolean =>
      [word, word.replace(/-/g, ' '), word.replace(/[ -]/g, '_'), word.replace(/[ -]/g, '')].some((form) =>
        text.includes(form),
      );
    expect(words.filter((word) => !used(word))).toEqual([]);
  });

  it('leaves no second word for a thing in code and rules', () => {
    expect([...(source + rules).matchAll(otherWords)].map((match) => match[0])).toEqual([]);
  });
});
