import type { RuleProblem } from '../api/types.ts';
import { SafeText } from '../parts/safe-text.tsx';

interface ProblemListProps {
  readonly problems: readonly RuleProblem[];
  /** Goes to the place; without it places are only named. */
  readonly onGo?: ((problem: RuleProblem) => void) | undefined;
  /** Whether that place can be gone to. */
  readonly mayGo?: (problem: RuleProblem) => boolean;
}

const placeOf = ({ file, line, column }: RuleProblem): string => `${file}:${line}:${column}`;

/** What is wrong with rule files, by place, as `rules check` says it. */
export function ProblemList({ problems, onGo, mayGo = () => true }: ProblemListProps) {
  return (
    <ul className="problems">
      {problems.map((problem) => (
        <li key={`${placeOf(problem)} ${problem.code} ${problem.message}`}>
          {onGo !== undefined && mayGo(problem) ? (
            <button type="button" onClick={() => onGo(problem)}>
              {placeOf(problem)}
            </button>
          ) : (
            <code>{placeOf(problem)}</code>
          )}{' '}
          <code>{problem.code}</code> <SafeText text={problem.message} limit={400} />
          {problem.hint !== undefined && (
            <span className="detail">
              <SafeText text={problem.hint} limit={400} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
