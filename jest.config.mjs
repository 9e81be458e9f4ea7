import { availableParallelism } from 'node:os';

/** ESM through swc; types are checked by tsc, not here. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testTimeout: 30_000,
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  // Part of a suite's time is waiting for servers: two at once even on two cores. Three hold up the browsers.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};
