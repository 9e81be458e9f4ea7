import { DamagedFile, readText } from '../adapters/files/read-lines.js';
import { err, ok, type Result } from '../model/result.js';
import type { Slots } from '../model/value.js';
import { parseGiven } from '../ruleset/parse-given.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { givenSlots } from '../ruleset/run-inline-tests.js';
import { type Environment, UsageError } from './command-arguments.js';

interface GivenOrEvent {
  readonly file: string | undefined;
  readonly given: string | undefined;
  readonly environment: Environment;
}

/** Slots from an event's signals, then from values given by hand, which win. */
export async function readGivenOrEvent({ file, given, environment }: GivenOrEvent, ruleSet: RuleSet): Promise<Slots> {
  const slots = file === undefined ? ruleSet.newSlots() : await eventSlots(file, ruleSet, environment);
  return applyGiven(slots, given, ruleSet);
}

/** Writes the values of `--given` over what the slots hold. */
export function applyGiven(slots: Slots, given: string | undefined, ruleSet: RuleSet): Slots {
  if (given === undefined) return slots;
  const parsed = parseJson(given);
  if (!parsed.ok) throw new UsageError(`--given is not JSON: ${parsed.error}`);
  const readings = parseGiven(parsed.value, ruleSet);
  if (!readings.ok)
    throw new UsageError([readings.error.message, readings.error.hint].filter((part) => part !== undefined).join('; '));
  const values = givenSlots(ruleSet, readings.value);
  for (const name of readings.value.keys()) {
    const slot = ruleSet.slotOf(name);
    if (slot !== undefined) slots[slot] = values[slot];
  }
  return slots;
}

export function parseJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text));
  } catch (failure) {
    return err(failure instanceof Error ? failure.message : String(failure));
  }
}

/** Throws `UsageError` where it cannot be read, `DamagedFile` where it is no text. */
export const readEventText = (file: string): Promise<string> =>
  readText(file).catch((failure: NodeJS.ErrnoException) => {
    if (failure instanceof DamagedFile) throw failure;
    throw new UsageError(`cannot read '${file}': ${failure.code ?? failure.message}`);
  });

async function eventSlots(file: string, ruleSet: RuleSet, environment: Environment): Promise<Slots> {
  const text = await readEventText(file);
  const parsed = parseJson(text);
  if (!parsed.ok) throw new UsageError(`'${file}' is not JSON: ${parsed.error}`);
  // Signals bring heavy libraries along: loaded only when there is an event.
  const { signalSlots } = await import('./signal-slots.js');
  return signalSlots(parsed.value, ruleSet, environment);
}
