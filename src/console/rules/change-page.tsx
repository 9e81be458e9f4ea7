import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { Link, useParams, useSearchParams } from 'wouter';
import { call } from '../api/client.ts';
import type { RuleProblem, RulesReport } from '../api/types.ts';
import { Field, FormProblem } from '../parts/form-field.tsx';
import { Shown } from '../parts/states.tsx';
import { rulesetPath, useKeptRuleset } from './kept-ruleset.ts';
import { ProblemList } from './problem-list.tsx';

type Files = Readonly<Record<string, string>>;

/** A pad to try a changed file on: checked with the other files of the version, and nothing is loaded. */
export default function ChangePage() {
  const { hash = '' } = useParams<{ hash: string }>();
  const kept = useKeptRuleset(decodeURIComponent(hash));
  return (
    <>
      <h1>Try a change</h1>
      <Shown what="the rule set" query={kept}>
        {(found) => (
          <>
            <p>
              {found === null ? (
                'This version has decided nothing yet, so its files are not kept: what you paste is checked by itself.'
              ) : (
                <>
                  Checked together with the other files of version <code>{found.version}</code> (
                  <Link href={rulesetPath(hash)}>read them</Link>).
                </>
              )}{' '}
              Nothing is loaded or stored; the change itself is made in Git.
            </p>
            <Pad files={found?.files ?? {}} />
          </>
        )}
      </Shown>
    </>
  );
}

const newFile = 'changed.yml';

function Pad({ files }: { readonly files: Files }) {
  const [search] = useSearchParams();
  const [path, setPath] = useState(search.get('file') ?? newFile);
  const [text, setText] = useState(files[path] ?? '');
  const pad = useRef<HTMLTextAreaElement>(null);
  const check = useMutation({
    mutationFn: (checked: Files) => call('validateRuleset', { body: { files: checked } }),
  });
  const choose = (name: string): void => {
    setPath(name);
    setText(files[name] ?? '');
    check.reset();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    check.mutate({ ...files, [path]: text });
  };
  const go = ({ line, column, end_column }: RuleProblem): void => {
    const start = offsetOf(text, line, column);
    pad.current?.focus();
    pad.current?.setSelectionRange(start, start + Math.max(0, end_column - column));
  };
  return (
    <form aria-label="Change" onSubmit={submit}>
      <Field label="File" pointer="/files" error={check.error} hint="The name of one of its files, or a new name.">
        {(props) => (
          <input
            {...props}
            list="files"
            required
            maxLength={200}
            value={path}
            onChange={({ target }) => (target.value in files ? choose(target.value) : setPath(target.value))}
          />
        )}
      </Field>
      <datalist id="files">
        {Object.keys(files).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <label htmlFor="pad">Text</label>
      <textarea
        id="pad"
        ref={pad}
        className="pad"
        rows={20}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <p>
        <button type="submit" className="primary" disabled={check.isPending}>
          Check
        </button>
      </p>
      <FormProblem what="Not checked" error={check.error} beside={['/files']} />
      {check.data !== undefined && <Report report={check.data} file={path} onGo={go} />}
    </form>
  );
}

interface ReportProps {
  readonly report: RulesReport;
  /** Places in it can be gone to. */
  readonly file: string;
  readonly onGo: (problem: RuleProblem) => void;
}

function Report({ report, file, onGo }: ReportProps) {
  const mayGo = (problem: RuleProblem): boolean => problem.file === file;
  const { errors, warnings } = report;
  return (
    <section role="status" aria-label="What was found" className="notice">
      <p>{errors.length === 0 ? 'No errors.' : `${errors.length} ${errors.length === 1 ? 'error' : 'errors'}:`}</p>
      <ProblemList problems={errors} onGo={onGo} mayGo={mayGo} />
      {warnings.length > 0 && <p>Warnings:</p>}
      <ProblemList problems={warnings} onGo={onGo} mayGo={mayGo} />
    </section>
  );
}

/** Lines and columns count from one. */
function offsetOf(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}
