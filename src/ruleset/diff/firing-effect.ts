import type { Effect } from './change.js';
import type { ConditionForm } from './condition-form.js';
import { implies } from './implies.js';

/** Of firing, not of what follows from it. */
export function firingEffect(old: ConditionForm, fresh: ConditionForm): Effect {
  const [wider, narrower] = [implies(old, fresh), implies(fresh, old)];
  if (wider && narrower) return 'none';
  if (wider) return 'stricter';
  return narrower ? 'looser' : 'either';
}
