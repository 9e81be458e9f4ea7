import type { SignalInfo } from '../model/signal.js';
import { didYouMean, type FieldReader } from './yaml/read-fields.js';
import type { YamlNode } from './yaml/yaml-node.js';

export interface SignalReader {
  readonly fields: FieldReader;
  readonly signals: ReadonlyMap<string, SignalInfo>;
}

/** The name of one signal. */
export function readSignal(node: YamlNode, { fields, signals }: SignalReader): string | undefined {
  const name = fields.text(node, 'the name of a signal');
  if (name === undefined || signals.has(name)) return name;
  return fields.error('E026', node, `there is no signal '${name}'`, didYouMean(name, signals.keys()));
}

/** What `by` names, each signal once. */
export function readSignals(items: readonly YamlNode[], reading: SignalReader): readonly string[] | undefined {
  const found: string[] = [];
  for (const item of items) {
    const signal = readSignal(item, reading);
    if (signal === undefined) return undefined;
    if (found.includes(signal)) return reading.fields.error('E019', item, `'${signal}' stands twice`);
    found.push(signal);
  }
  return found;
}
