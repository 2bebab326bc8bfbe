import type { Size } from "./pixels.ts";

/**
 * A decoded image as it is handed on to sharp: upright, a byte a channel, RGB or RGBA, row by row
 * without padding.
 */
export interface RawPixels extends Size {
  readonly data: Uint8Array;
  readonly channels: 3 | 4;
  /** whether colours are already multiplied by alpha */
  readonly isPremultiplied: boolean;
}
