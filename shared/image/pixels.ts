/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of whole pixels. */
export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/** An image: RGB, a byte a channel, row by row without padding (height · width · 3 bytes). */
export interface Pixels extends Size {
  readonly data: Uint8Array;
}

/** An image in an arena: RGB, a byte a channel, row by row without padding from `address` on. */
export interface Raster extends Size {
  readonly address: number;
}
