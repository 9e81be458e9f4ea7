import { TestEnvironment } from 'jest-environment-node';

/**
 * Node's own. A worker in which nothing is left to be done ends at once: to free what hundreds of test files have used takes
 * longer than jest waits before it speaks of a leak. One in which something is left is told as before.
 */
process.once('beforeExit', () => process.exit());

export default TestEnvironment;
