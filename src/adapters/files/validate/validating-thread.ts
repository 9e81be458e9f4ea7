import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { loadRuleSet } from '../../../ruleset/load-rule-set.js';
import type { ValidateReply, ValidateRequest } from './other-thread-validator.js';

/** Nobody reads more, and whoever answers requests has to write them all out. */
const mostTold = 1000;

/** Checks rule files that somebody has sent, in a thread that can be ended while it does. */
function answer({ files, now }: ValidateRequest): ValidateReply {
  const { errors, warnings } = loadRuleSet({ files, now });
  return { errors: errors.slice(0, mostTold), warnings: warnings.slice(0, mostTold) };
}

const port = parentPort;
if (port !== null) {
  // Where cores are few, decisions go first; Linux alone keeps a priority for each thread.
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  port.on('message', (request: ValidateRequest) => port.postMessage(answer(request)));
}
