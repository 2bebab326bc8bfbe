import { defineConfig } from "vitest/config";

/** Unit tests are fast and mirror the source tree; `slow` ones run whole stages on real photos. */
export default defineConfig({
  test: {
    expect: { requireAssertions: true },
    projects: [
      { extends: true, test: { name: "unit", include: ["test/**/*.test.ts"], exclude: ["test/slow/**"] } },
      {
        extends: true,
        test: {
          name: "slow",
          include: ["test/slow/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
