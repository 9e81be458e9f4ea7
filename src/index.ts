/** What other programs may import: `import { createVerificationWorker } from 'portcullis'`. */
export type { VerificationMethod } from './model/rule.js';
export {
  createVerificationWorker,
  type VerificationHandler,
  type VerificationOutcome,
  type VerificationTask,
  type VerificationWorker,
  type VerificationWorkerOptions,
} from './workers/team-worker.js';
