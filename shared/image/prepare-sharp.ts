import sharp from "sharp";

/**
 * What is left of libvips' loaders, all of which read from memory; others (SVG, PDF, …) can open
 * further files.
 */
const loaders = ["Jpeg", "Png", "Webp", "Tiff", "Nsgif", "Heif"].map(
  (name) => `VipsForeignLoad${name}Buffer`,
);

/**
 * For a process of ours that opens photos which anybody may have made. Lets its sharp read nothing
 * but the formats that are told by their first bytes (signature.ts), one thread a photo, nothing
 * kept.
 */
export function prepareSharp(): void {
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: loaders });
}
