import type { Checkpoints } from "../../shared/artifacts/types.ts";

/** For runs that are not interrupted. */
export const noCheckpoints: Checkpoints = {
  latest: () => Promise.resolve(null),
  put: () => Promise.resolve(),
};
