import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { call } from '../api/client.ts';
import type { Operations } from '../api/types.ts';
import { useKeys } from '../keyboard/keys.ts';
import { notDone } from '../parts/states.tsx';
import { useSession } from '../session/session.ts';

/** As the service has it (contract, section 4). */
const undoMs = 10_000;

interface Done {
  readonly caseIds: readonly string[];
  readonly words: string;
  readonly until: number;
}

/** Where it is kept over a reload; gone with the tab. */
const kept = 'portcullis.undo';

/** What this person has decided in this tab, and can still take back. */
function keptOf(keyId: string): Done | undefined {
  const { by, ...done }: Done & { readonly by?: string } = JSON.parse(sessionStorage.getItem(kept) ?? '{"until":0}');
  return by === keyId && done.until > Date.now() ? done : undefined;
}

const keep = (keyId: string, done: Done): void => sessionStorage.setItem(kept, JSON.stringify({ ...done, by: keyId }));

/** What came of taking back. */
interface Told {
  readonly words: string;
  readonly isBad: boolean;
}

interface Undoing {
  /** One case, or several that were decided together and are taken back together; `at`: not before then, now unless told. */
  readonly decided: (caseIds: readonly string[], words: string, at?: number) => void;
}

const UndoContext = createContext<Undoing>({ decided: () => undefined });
export const useUndo = (): Undoing => useContext(UndoContext);

/** What was decided last, and ten seconds to take it back, whichever case is open by then. */
export function UndoProvider({ children }: { readonly children: ReactNode }) {
  const { key_id: me } = useSession();
  const [done, setDone] = useState(() => keptOf(me));
  const [told, setTold] = useState<Told>();
  const decided = useCallback(
    (caseIds: readonly string[], words: string, at = Date.now()) => {
      const latest = { caseIds, words, until: at + undoMs };
      if (latest.until <= Date.now()) return;
      setTold(undefined);
      setDone(latest);
      keep(me, latest);
    },
    [me],
  );
  const end = useCallback(() => {
    setDone(undefined);
    sessionStorage.removeItem(kept);
  }, []);
  useEffect(() => {
    if (told === undefined) return;
    const timer = setTimeout(() => setTold(undefined), undoMs);
    return () => clearTimeout(timer);
  }, [told]);
  const undoing = useMemo(() => ({ decided }), [decided]);
  return (
    <UndoContext.Provider value={undoing}>
      {children}
      <div className="toasts" role="status">
        {done !== undefined && <UndoToast key={done.until} done={done} onEnd={end} onTold={setTold} />}
        {told !== undefined && <p className={told.isBad ? 'toast toast-bad' : 'toast'}>{told.words}</p>}
      </div>
    </UndoContext.Provider>
  );
}

/** Some may be decided for good by now, or somebody has opened them since. */
const undoneWords = ({ done, data }: Operations['undoCases']['reply'], asked: number): string => {
  if (done === asked) return `Taken back: ${done} cases are open again.`;
  const why = data.find(({ problem }) => problem !== null)?.problem;
  return `${done} of ${asked} taken back; the others not: ${why?.detail ?? why?.code ?? 'unknown'}.`;
};

interface UndoToastProps {
  readonly done: Done;
  readonly onEnd: () => void;
  readonly onTold: (told: Told) => void;
}

function UndoToast({ done, onEnd, onTold }: UndoToastProps) {
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
      const [only, ...others] = done.caseIds;
      if (only !== undefined && others.length === 0) {
        await call('undoCase', { params: { id: only } });
        await client.invalidateQueries({ queryKey: ['case', only] });
        go(`/cases/${only}`);
        return;
      }
      const undone = await call('undoCases', { body: { case_ids: [...done.caseIds] } });
      await client.invalidateQueries({ queryKey: ['cases'] });
      onTold({ words: undoneWords(undone, done.caseIds.length), isBad: undone.done < done.caseIds.length });
    } catch (error) {
      onTold({ words: notDone('Not undone', error), isBad: true });
    }
  };
  useKeys([
    {
      keys: 'u',
      does: done.caseIds.length > 1 ? `undo all ${done.caseIds.length}` : 'undo the last decision',
      run: () => void undo(),
    },
  ]);
  return (
    <p className="toast">
      {done.words}{' '}
      <button type="button" onClick={() => void undo()}>
        Undo (u), <span aria-hidden="true">{left} s</span>
      </button>
    </p>
  );
}
