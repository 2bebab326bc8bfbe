import type { FailOn } from "./decode.ts";
import { isHarmless, withSoundHeader } from "./jpeg.ts";
import { formatOf, UnsupportedFormat } from "./signature.ts";

/**
 * What becomes of photos whose pixels break off: listed as damaged, or taken as far as they can be
 * decoded.
 */
export type Damaged = "drop" | "keep";

export interface Judging {
  readonly damaged: Damaged;
  /** whether nothing else is decoded in this process: libvips has one error text for all threads */
  readonly isAlone: boolean;
}

/**
 * Decodes a photo of which it is not known whether it is whole. Of a JPEG every warning is heard:
 * one about its pixels ("premature end of data segment": the rest is grey) makes it damaged, one
 * about what stands around them does not. As warnings are told apart by their text, that is done
 * for a photo that is alone.
 *
 * @throws what `decode` rejects with where the photo is damaged, or has a warning and is not alone
 */
export async function judged<Result>(
  bytes: Uint8Array,
  { damaged, isAlone }: Judging,
  decode: (bytes: Uint8Array, failOn: FailOn) => Promise<Result>,
): Promise<Result> {
  if (damaged === "keep") return decode(bytes, "none");
  if (formatOf(bytes)?.name !== "JPEG") return decode(bytes, "truncated");
  if (!isAlone) return decode(bytes, "warning");
  const sound = withSoundHeader(bytes);
  try {
    return await decode(sound, "warning");
  } catch (error) {
    if (!isHarmless(textOf(error))) throw error;
    return decode(sound, "truncated");
  }
}

const damage = "truncated or damaged";

/**
 * Whether a photo's fault is that it breaks off or is damaged: then `keep` may take what there is
 * of it.
 */
export function tellsDamage(fault: string): boolean {
  return fault.startsWith(damage);
}

/** Why a photo could not be decoded, in one line that names its kind. */
export function faultIn(error: unknown, bytes: Uint8Array): string {
  const text = textOf(error);
  if (error instanceof UnsupportedFormat) return text;
  // libheif through libvips tells first where it looked, last what it missed.
  const told = text.split("\n").filter((line) => line !== "" && !/bad seek to \d+$/.test(line));
  const kind = formatOf(bytes)?.name ?? "photo";
  return `${damage} ${kind}: ${(told[0] ?? text).replace(/^(?:VipsJpeg|heif): /, "")}`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
