import type { Rewrite } from "./layouts.ts";

/** As it is. */
export const same: Rewrite = (node, l) => ({
  plain: l.g.node(
    node.op,
    node.inputs.map((input) => input && l.plain(input)),
    node.attributes,
  ),
});
