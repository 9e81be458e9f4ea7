import type { Effect } from './change.js';
import type { ConditionForm } from './condition-form.js';
import { findCounterexample, type RoomOfKey, type Search } from './find-counterexample.js';
import { implies } from './implies.js';

/** Of firing, not of what follows from it. A direction is told where it is shown: that it fires on more, and on all of before. */
export function firingEffect(old: ConditionForm, fresh: ConditionForm, roomOf: RoomOfKey): Effect {
  const search = (first: ConditionForm, second: ConditionForm): Search =>
    implies(first, second) ? 'none' : findCounterexample(first, second, roomOf);
  const [more, fewer] = [search(fresh, old), search(old, fresh)];
  if (more === 'none' && fewer === 'none') return 'none';
  if (more === 'found' && fewer === 'none') return 'stricter';
  return fewer === 'found' && more === 'none' ? 'looser' : 'either';
}
