import { type OutcomeLine, outcomeLineSchema } from '../campaigns/scoring/read-stories.js';
import { type TruthLine, truthLineSchema } from '../campaigns/truth-line.js';
import type { LineKind } from './json-lines.js';

export const truthLines: LineKind<TruthLine> = { schema: truthLineSchema, name: "simulate's truth.jsonl" };
export const outcomeLines: LineKind<OutcomeLine> = { schema: outcomeLineSchema, name: "replay's output" };
