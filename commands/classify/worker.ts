import { answering } from "../../shared/pool.ts";
import { boost } from "./boosting.ts";
import { solvePairs } from "./smo.ts";
import { growTrees } from "./trees.ts";
import type { Envelope, Works } from "./works.ts";

const works: { readonly [Kind in keyof Works]: (task: Works[Kind]["task"]) => Works[Kind]["answer"] } = {
  pairs: solvePairs,
  trees: growTrees,
  boosting: boost,
};

/** Does one piece of work in a thread of the pool. */
export default answering(<Kind extends keyof Works>({ kind, task }: Envelope<Kind>) =>
  Promise.resolve(works[kind](task)),
);
