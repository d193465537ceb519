import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // Whatever locale the tests are started in: what they expect has glyphs.
    env: { LC_ALL: 'C.UTF-8' },
    // Processes of the end-to-end tests share two cores with everything else: patience costs nothing when nothing hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
