import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // Processes of the end-to-end tests share two cores with everything else: patience costs nothing when nothing hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
