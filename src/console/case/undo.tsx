import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { call } from '../api/client.ts';
import { useKeys } from '../keyboard/keys.ts';
import { wordsOf } from '../parts/states.tsx';

/** As the service has it (contract, section 4). */
const undoMs = 10_000;

interface Done {
  readonly caseId: string;
  readonly words: string;
  readonly until: number;
}

interface Undoing {
  readonly decided: (caseId: string, words: string) => void;
}

const UndoContext = createContext<Undoing>({ decided: () => undefined });
export const useUndo = (): Undoing => useContext(UndoContext);

/** What was decided last, and ten seconds to take it back, whichever case is open by then. */
export function UndoProvider({ children }: { readonly children: ReactNode }) {
  const [done, setDone] = useState<Done>();
  const [problem, setProblem] = useState('');
  const decided = useCallback((caseId: string, words: string) => {
    setProblem('');
    setDone({ caseId, words, until: Date.now() + undoMs });
  }, []);
  const undoing = useMemo(() => ({ decided }), [decided]);
  return (
    <UndoContext.Provider value={undoing}>
      {children}
      <div className="toasts" role="status">
        {done !== undefined && (
          <UndoToast key={done.until} done={done} onEnd={() => setDone(undefined)} onProblem={setProblem} />
        )}
        {problem !== '' && <p className="toast toast-bad">{problem}</p>}
      </div>
    </UndoContext.Provider>
  );
}

interface UndoToastProps {
  readonly done: Done;
  readonly onEnd: () => void;
  readonly onProblem: (words: string) => void;
}

function UndoToast({ done, onEnd, onProblem }: UndoToastProps) {
  const client = useQueryClient();
  const [, go] = useLocation();
  const [left, setLeft] = useState(Math.ceil((done.until - Date.now()) / 1000));
  useEffect(() => {
    const timer = setInterval(() => {
      const seconds = Math.ceil((done.until - Date.now()) / 1000);
      if (seconds > 0) setLeft(seconds);
      else onEnd();
    }, 250);
    return () => clearInterval(timer);
  }, [done, onEnd]);
  const undo = async (): Promise<void> => {
    onEnd();
    try {
      await call('undoCase', { params: { id: done.caseId } });
      await client.invalidateQueries({ queryKey: ['case', done.caseId] });
      go(`/cases/${done.caseId}`);
    } catch (error) {
      onProblem(`Not undone: ${wordsOf(error)}.`);
    }
  };
  useKeys([{ keys: 'u', does: 'undo the last decision', run: () => void undo() }]);
  return (
    <p className="toast">
      {done.words}{' '}
      <button type="button" onClick={() => void undo()}>
        Undo (u), <span aria-hidden="true">{left} s</span>
      </button>
    </p>
  );
}
