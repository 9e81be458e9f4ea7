import type { IncomingMessage } from 'node:http';
import { type Problem, problem } from '../model/problem.js';
import { repeatedKey } from '../model/repeated-key.js';
import { err, ok, type Result } from '../model/result.js';
import { type BodyLimits, readBody } from './read-body.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

const jsonType = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;

export const isJson = (contentType: string | undefined): boolean =>
  contentType === 'application/json' || (contentType !== undefined && jsonType.test(contentType));

/** Undefined when the body may be read as JSON. */
function mediaProblem(request: IncomingMessage): Problem | undefined {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return problem('unsupported_media_type', { detail: 'compressed bodies are not read' });
  }
  if (isJson(request.headers['content-type'])) return undefined;
  return problem('unsupported_media_type', { detail: 'expected Content-Type: application/json' });
}

function decode(bytes: Buffer): Result<string, Problem> {
  try {
    return ok(utf8.decode(bytes));
  } catch {
    return err(problem('malformed_json', { detail: 'the body is not UTF-8' }));
  }
}

/** V8's message quotes the text, which may hold anything: only the position is kept. */
function positionOf(error: unknown): string {
  const found = error instanceof Error ? /position (\d+)/.exec(error.message) : null;
  return found === null ? '' : ` (at character ${found[1]})`;
}

/** `JSON.parse` takes the last of two equal keys; whoever looked at the body before may have taken the first. */
function unambiguous(text: string, parsed: unknown): Result<unknown, Problem> {
  const pointer = repeatedKey(text, parsed);
  if (pointer === undefined) return ok(parsed);
  const detail = `expected each key once in its object, got one twice: ${pointer}`;
  return err(problem('malformed_json', { detail, errors: [{ pointer, detail: 'stands there twice' }] }));
}

export function parseJson(text: string): Result<unknown, Problem> {
  if (text.trim() === '') return err(problem('malformed_json', { detail: 'the body is empty' }));
  try {
    return unambiguous(text, JSON.parse(text));
  } catch (error) {
    return err(problem('malformed_json', { detail: `the body is not valid JSON${positionOf(error)}` }));
  }
}

/** The text of a JSON body, not parsed. */
export async function readText(request: IncomingMessage, limits: BodyLimits): Promise<Result<string, Problem>> {
  const unreadable = mediaProblem(request);
  if (unreadable !== undefined) return err(unreadable);
  const bytes = await readBody(request, limits);
  return bytes.ok ? decode(bytes.value) : bytes;
}

export async function readJson(request: IncomingMessage, limits: BodyLimits): Promise<Result<unknown, Problem>> {
  const text = await readText(request, limits);
  return text.ok ? parseJson(text.value) : text;
}
