import type { Random } from "../../random.ts";
import type { Affine } from "../affine.ts";
import type { Size } from "../pixels.ts";

/** What an operation made of an image of a known size: the new size, and where each point of it came from. */
interface Step {
  readonly size: Size;
  /** from the result's coordinates to the input's */
  readonly toInput: Affine;
}

/** A geometric step of a view. It draws its random numbers in a fixed order from the view's own stream. */
export type Operation = (input: Size, random: Random) => Step;
