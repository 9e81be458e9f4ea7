import { availableParallelism } from 'node:os';

export default {
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/test/support/compile-typescript.mjs' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testTimeout: 30_000,
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  // Part of a suite's time is waiting for servers: two at once even on two cores. Three hold up the browsers.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};
