import type { Arena } from "./arena.ts";
import { decodeRgb, type DecodeOptions, type Photo } from "./decode.ts";
import { levelsOf } from "./levels.ts";
import type { View } from "./view.ts";
import { warp } from "./warp.ts";

/** A photo is decoded no larger than this many times what a view needs (decode.ts). */
const decodedSize = 2.5;

/** What decides a photo's pixels before any view is taken. */
export interface ViewDecoding extends Pick<DecodeOptions, "background" | "failOn"> {
  /** what views resize a photo's shorter side to */
  readonly resize: number;
}

/**
 * Decodes a photo for views of it. Whoever makes a photo's view 0 makes it through this, so that
 * prediction sees what training saw.
 *
 * @throws Error where the bytes are no photo that can be decoded
 */
export function decodeForViews(bytes: Uint8Array, options: ViewDecoding): Promise<Photo> {
  const { resize, background, failOn } = options;
  const side = Math.round(decodedSize * resize);
  return decodeRgb(bytes, { background, failOn, resize: { fit: "outside", side } });
}

/** A view, and where its pixels go: side · side · 3 bytes, RGB. */
export interface WantedView {
  readonly view: View;
  readonly out: Uint8Array;
}

/**
 * Makes views of one photo.
 *
 * @param wanted all of the same frame, view 0 first where it is among them
 * @param arena what another photo had there is gone
 */
export function warpViews(photo: Photo, wanted: readonly WantedView[], arena: Arena): void {
  const first = wanted[0];
  if (first === undefined) return;
  const levels = levelsOf(photo, first.view.frame, arena);
  // Backwards, as view 0 is a window of the frame that others may have had made whole.
  for (const { view, out } of [...wanted].reverse()) warp(levels, view, out);
}
