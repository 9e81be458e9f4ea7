/** One test for a JUnit report. */
export interface JUnitCase {
  readonly name: string;
  /** What it belongs to: the rule, or the file of sequences. */
  readonly group: string;
  readonly file: string;
  readonly line: number;
  readonly seconds: number;
  /** What differs; undefined = it passed. */
  readonly failure?: string | undefined;
}

/** JUnit XML as readers of continuous integration take it: a suite for each file. */
export function junitXml(cases: readonly JUnitCase[]): string {
  const byFile = new Map<string, JUnitCase[]>();
  for (const one of cases) byFile.set(one.file, [...(byFile.get(one.file) ?? []), one]);
  const suites = [...byFile].map(([file, own]) => suiteXml(file, own));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="portcullis rules test"${counts(cases)}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

const counts = (cases: readonly JUnitCase[]): string => {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0);
  return ` tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${seconds.toFixed(3)}"`;
};

const suiteXml = (file: string, cases: readonly JUnitCase[]): string =>
  [`  <testsuite name="${escaped(file)}"${counts(cases)}>`, ...cases.map(caseXml), '  </testsuite>'].join('\n');

function caseXml({ name, group, file, line, seconds, failure }: JUnitCase): string {
  const head = `    <testcase name="${escaped(name)}" classname="${escaped(group)}" file="${escaped(file)}" line="${line}" time="${seconds.toFixed(3)}"`;
  if (failure === undefined) return `${head}/>`;
  const message = failure.split('\n').find((text) => text.includes('expected')) ?? 'failed';
  return `${head}>\n      <failure type="difference" message="${escaped(message.trim())}">${escaped(failure)}</failure>\n    </testcase>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML knows no other control characters, not even escaped, nor half a pair of surrogates. */
const unwritable = /[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu;

/** For attributes and text. Line breaks survive in text; in attributes readers make spaces of them. */
const escaped = (text: string): string =>
  text.replace(unwritable, '\ufffd').replace(/[&<>"']/g, (sign) => entities[sign] ?? '');
