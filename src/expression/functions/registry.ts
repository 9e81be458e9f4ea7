import { contains } from './contains.js';
import { defaultValue } from './default-value.js';
import { endsWith } from './ends-with.js';
import type { FunctionSpec } from './function-spec.js';
import { has } from './has.js';
import { inCidr } from './in-cidr.js';
import { inList } from './in-list.js';
import { log2 } from './log2.js';
import { lower } from './lower.js';
import { matches } from './matches.js';
import { maximum } from './maximum.js';
import { minimum } from './minimum.js';
import { size } from './size.js';
import { startsWith } from './starts-with.js';

/** Every function and method of the language: a new one is one record, one test and one line here. */
export const functionRegistry: readonly FunctionSpec[] = [
  has,
  defaultValue,
  inList,
  inCidr,
  minimum,
  maximum,
  log2,
  startsWith,
  endsWith,
  contains,
  matches,
  lower,
  size,
];

const byForm = (form: FunctionSpec['form']): ReadonlyMap<string, FunctionSpec> =>
  new Map(functionRegistry.filter((spec) => spec.form === form).map((spec) => [spec.name, spec]));

export const functionsByName = byForm('function');
export const methodsByName = byForm('method');
