import sharp from "sharp";

/**
 * For a process of ours that opens photos which anybody may have made. Lets its sharp read nothing but JPEG, PNG and WebP (an SVG
 * named .jpg can read other files), one thread a photo, nothing kept.
 */
export function prepareSharp(): void {
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({
    operation: ["VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadWebpBuffer"],
  });
}
