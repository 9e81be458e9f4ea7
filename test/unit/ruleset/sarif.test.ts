import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { toSarif } from '../../../src/ruleset/sarif.js';
import { rightFiles, today } from '../../golden/rule-mistakes/right-files.js';

const text = z.strictObject({ text: z.string().min(1), markdown: z.string().min(1).optional() });
const level = z.enum(['none', 'note', 'warning', 'error']);
const position = z.int().min(1);

/** What the specification requires of the parts that are written, and nothing that it does not know. */
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.array(
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string().min(1),
          rules: z.array(
            z.strictObject({
              id: z.string().min(1),
              shortDescription: text,
              help: text,
              helpUri: z.url().optional(),
              defaultConfiguration: z.strictObject({ level }),
            }),
          ),
        }),
      }),
      columnKind: z.literal('utf16CodeUnits'),
      results: z.array(
        z.strictObject({
          ruleId: z.string().min(1),
          ruleIndex: z.int().min(0),
          level,
          message: text,
          locations: z.array(
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation: z.strictObject({ uri: z.string().regex(/^[\w./%~-]+$/) }),
                region: z.strictObject({
                  startLine: position,
                  startColumn: position,
                  endLine: position,
                  endColumn: position,
                }),
              }),
            }),
          ),
        }),
      ),
    }),
  ),
});

function sarifOf(files: ReadonlyMap<string, string>) {
  const { errors, warnings } = loadRuleSet({ files, now: today });
  return sarif.parse(toSarif(errors, warnings, 'my rules'));
}

describe('problems as SARIF', () => {
  it('have the shape that the specification requires', () => {
    const wrong = 'rules:\n  - id: a rule\n    whn: ip.is_vnp && ip.kind == "vnp"\n';
    const [run] = sarifOf(new Map([...rightFiles, ['net work/wrong.yml', wrong], ['lists/burned.txt', 'one\n']])).runs;
    expect(run?.results.map(({ ruleId }) => ruleId)).toEqual(expect.arrayContaining(['E010', 'E011', 'E018', 'E101']));
    for (const { ruleId, ruleIndex, locations } of run?.results ?? []) {
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(locations[0]?.physicalLocation.artifactLocation.uri).toBe('my%20rules/net%20work/wrong.yml');
    }
  });

  it('tell errors from warnings, and where each is explained', () => {
    const [run] = sarifOf(new Map([...rightFiles, ['lists/burned.txt', 'one\n']])).runs;
    expect(run?.results.map(({ ruleId, level: given }) => [ruleId, given])).toEqual([['W015', 'warning']]);
    expect(run?.tool.driver.rules[0]).toMatchObject({
      help: { text: expect.stringContaining('docs/errors/W015.md') },
      defaultConfiguration: { level: 'warning' },
    });
  });

  it('bring the page about each code along, and link to where it is served', () => {
    const { errors, warnings } = loadRuleSet({
      files: new Map([...rightFiles, ['lists/burned.txt', 'one\n']]),
      now: today,
    });
    const pages = { textOf: (code: string) => `# ${code}`, address: 'https://rules.example/errors' };
    const [run] = sarif.parse(toSarif(errors, warnings, 'rules', pages)).runs;
    expect(run?.tool.driver.rules[0]).toMatchObject({
      help: { markdown: '# W015' },
      helpUri: 'https://rules.example/errors/W015.md',
    });
  });

  it('are none where nothing is wrong', () => {
    expect(sarifOf(rightFiles).runs).toMatchObject([{ results: [], tool: { driver: { rules: [] } } }]);
  });
});
