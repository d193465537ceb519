import { defineConfig } from 'vitest/config';
import common from '../../vitest.config.js';

/** The tests that mutants of `src/core` and `src/load` are played against: all that run these rooms' code in the test's own process. */
export default defineConfig({
  test: {
    ...common.test,
    include: ['core', 'load', 'client', 'faults', 'server', 'worker', 'sim'].map((room) => `test/${room}/**/*.test.ts`),
    // Thousands of arrivals for a statistic each: as slow as all the others together, and they find what the others find.
    testNamePattern: /^(?!.*(exponential gaps|as many arrivals))/,
  },
});
