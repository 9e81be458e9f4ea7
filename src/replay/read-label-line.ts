import { z } from 'zod';
import { callerId } from '../model/caller-id.js';
import { instantText } from '../model/instant-text.js';
import { type AccountLabel, labels } from '../model/label.js';
import { err, ok, type Result } from '../model/result.js';
import { validate } from '../model/validate.js';
import { type LineProblem, parseJsonLine } from './read-event-line.js';

/** `{"at":ISO,"account_id","label":"fraud|honest","source"}` */
const labelLineSchema = z.strictObject({
  at: instantText,
  account_id: callerId,
  label: z.enum(labels),
  source: z.string().min(1).max(128),
});

export function readLabelLine(text: string, line: number): Result<AccountLabel, LineProblem> {
  const json = parseJsonLine(text, line);
  if (!json.ok) return json;
  const parsed = validate(labelLineSchema, json.value);
  if (!parsed.ok) {
    const [first] = parsed.error.errors ?? [];
    return err({ line, pointer: first?.pointer ?? '', detail: first?.detail ?? 'not a label' });
  }
  const { at, account_id, label, source } = parsed.value;
  return ok({ accountId: account_id, label, source, observedAt: Date.parse(at) });
}
