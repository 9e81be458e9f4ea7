import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findRules } from '../../../src/lsp/find-rules.js';
import { RulesFolder } from '../../../src/lsp/rules-folder.js';

let home = '';
const at = (...parts: string[]): string => join(home, ...parts);
const uri = (...parts: string[]): string => pathToFileURL(at(...parts)).href;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-find-'));
  for (const folder of ['project/rules', 'bare', 'own', 'small', 'compose', 'elsewhere'])
    await mkdir(at(folder), { recursive: true });
  await writeFile(at('project/rules/policy.yml'), 'policy: {}\n');
  await writeFile(at('small/any.yml'), '# mine\nrules: []\n');
  await writeFile(at('compose/docker-compose.yml'), 'services: {}\n');
  await writeFile(at('own/reasons.yml'), 'reasons: {}\n');
});
afterAll(() => rm(home, { recursive: true, force: true }));

const find = (given: string | undefined, ...roots: string[]): string =>
  findRules({ given, otherwise: 'rules', roots, workingDirectory: at('bare') });

describe('the rules folder of an editor', () => {
  it('is the one that was named', () => {
    expect(find(at('elsewhere'), uri('project'))).toBe(at('elsewhere'));
    expect(find('rules', uri('project'))).toBe(at('project/rules'));
    expect(find('nowhere', uri('project'))).toBe(at('bare/nowhere'));
  });

  it('is else the first in what the editor has open', () => {
    expect(find(undefined, uri('bare'), uri('project'))).toBe(at('project/rules'));
    expect(find(undefined, uri('own'))).toBe(at('own'));
    expect(find(undefined, uri('compose'), uri('small'))).toBe(at('small'));
    expect(find(undefined, 'untitled:Untitled-1')).toBe(at('bare/rules'));
    expect(find(undefined)).toBe(at('bare/rules'));
  });

  it('knows what is a part of it, however an editor writes that', () => {
    const folder = new RulesFolder(at('project/rules'));
    expect(folder.pathOf(uri('project/rules/payment/new.yml'))).toBe('payment/new.yml');
    expect(folder.pathOf(uri('project/rules/policy.yml').replace('policy', '%70olicy'))).toBe('policy.yml');
    expect(folder.pathOf(uri('project/rules-old/policy.yml'))).toBeUndefined();
    expect(folder.pathOf(uri('project/rules'))).toBeUndefined();
    expect(folder.pathOf('https://example.com/rules/policy.yml')).toBeUndefined();
    expect(folder.pathOf('file://[')).toBeUndefined();
  });
});
