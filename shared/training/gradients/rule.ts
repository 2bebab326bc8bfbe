import type { Applied, GraphBuilder, Value } from "../builder.ts";

/** A node under differentiation: y = op(a, b, c). */
export interface Differentiated {
  readonly a: Value;
  readonly b: Value;
  readonly c: Value;
  readonly y: Value;
  readonly node: Applied;
}

/** From the loss's gradient by y, its gradients by a, b, c; null where there is none to pass on. */
export type GradientRule = (of: Differentiated, dy: Value, g: GraphBuilder) => readonly (Value | null)[];
