import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { finishSteps } from '../../../model/steps.js';
import { LoadMemory } from '../../../ruleset/load-memory.js';
import { withTestProblems } from '../../../sequences/with-test-problems.js';
import { loadFiles } from '../open-rules.js';
import { sentFiles } from '../rule-files.js';
import type { ValidateReply, ValidateRequest } from './other-thread-validator.js';

/** Nobody reads more, and whoever answers requests has to write them all out. */
const mostTold = 1000;

/** What `rules check` says of rule files that somebody has sent, in a thread that can be ended while it does. */
function answer({ files, now }: ValidateRequest): ValidateReply {
  const how = { now, expiredExceptions: 'error', memory: new LoadMemory() } as const;
  const { errors, warnings } = withTestProblems(finishSteps(loadFiles(sentFiles(files), how)));
  return { errors: errors.slice(0, mostTold), warnings: warnings.slice(0, mostTold) };
}

const port = parentPort;
if (port !== null) {
  // Where cores are few, decisions go first; Linux alone keeps a priority for each thread.
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  port.on('message', (request: ValidateRequest) => port.postMessage(answer(request)));
}
