import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Size } from "./pixels.ts";
import type { RawPixels } from "./raw-pixels.ts";

/**
 * What is called of libheif's WebAssembly build (libheif-js); a handle stands for an object of C.
 */
interface Libheif {
  readonly HEAPU8: Uint8Array;
  readonly heif_colorspace: { readonly heif_colorspace_RGB: Word };
  readonly heif_chroma: Readonly<
    Record<"heif_chroma_interleaved_RGB" | "heif_chroma_interleaved_RGBA", Word>
  >;
  heif_context_alloc(): Handle;
  heif_context_free(context: Handle): void;
  heif_context_read_from_memory(context: Handle, bytes: Uint8Array): Failure;
  heif_js_context_get_primary_image_handle(context: Handle): Handle | Failure;
  heif_image_handle_get_width(image: Handle): number;
  heif_image_handle_get_height(image: Handle): number;
  heif_image_handle_has_alpha_channel(image: Handle): number;
  heif_image_handle_is_premultiplied_alpha(image: Handle): number;
  heif_image_handle_release(image: Handle): void;
  heif_image_release(image: Handle): void;
  heif_js_decode_image2(image: Handle, colours: Word, chroma: Word): Decoded | Failure;
}

interface Word {
  readonly value: number;
}

interface Handle {
  readonly delete: () => void;
}

interface Failure {
  readonly code: Word;
  readonly message: string;
}

interface Decoded {
  readonly image: Handle;
  /** of an interleaved image one, whose rows are padded to `stride` bytes */
  readonly channels: readonly { readonly data: Uint8Array; readonly stride: number }[];
}

let library: Libheif | null = null;

/** Above so many bytes the library's memory, which only ever grows, is given back after a photo. */
const mostMemory = 256 * 1024 * 1024;

/** Loads libheif for the first photo that needs it: 1.4 MB of WebAssembly, a tenth of a second. */
function loaded(): Libheif {
  if (library !== null) return library;
  const require = createRequire(import.meta.url);
  const start = require("libheif-js/libheif-wasm/libheif.js") as (options: object) => Libheif;
  const wasmBinary = readFileSync(require.resolve("libheif-js/libheif-wasm/libheif.wasm"));
  const silent = () => undefined;
  library = start({ wasmBinary, print: silent, printErr: silent });
  return library;
}

/** The size of a HEIC photo, its rotation applied; no pixel is decoded. */
export function heicSize(bytes: Uint8Array): Size {
  return withPrimaryImage(bytes, sizeOf);
}

/**
 * Decodes the primary image of a HEIC photo to 8 bits a channel. libheif applies the container's
 * own rotation, mirroring and cropping; an orientation in its EXIF only repeats them and is not
 * looked at, as HEIF (ISO 23008-12) has it.
 *
 * @throws Error where it is damaged, or of a codec that libheif was not built with
 */
export function decodeHeic(bytes: Uint8Array): RawPixels {
  return withPrimaryImage(bytes, (libheif, handle) => {
    const { width, height } = sizeOf(libheif, handle);
    const hasAlpha = libheif.heif_image_handle_has_alpha_channel(handle) !== 0;
    const channels = hasAlpha ? 4 : 3;
    const { heif_chroma_interleaved_RGB: rgb, heif_chroma_interleaved_RGBA: rgba } = libheif.heif_chroma;
    const colours = libheif.heif_colorspace.heif_colorspace_RGB;
    const decoded = libheif.heif_js_decode_image2(handle, colours, hasAlpha ? rgba : rgb);
    if ("code" in decoded) throw failed(decoded);
    try {
      const [plane] = decoded.channels;
      if (plane === undefined) throw new HeicError("it has no pixels");
      const data = withoutPadding(plane.data, plane.stride, width * channels, height);
      const isPremultiplied = libheif.heif_image_handle_is_premultiplied_alpha(handle) !== 0;
      return { data, width, height, channels, isPremultiplied };
    } finally {
      libheif.heif_image_release(decoded.image);
    }
  });
}

function sizeOf(libheif: Libheif, handle: Handle): Size {
  return {
    width: libheif.heif_image_handle_get_width(handle),
    height: libheif.heif_image_handle_get_height(handle),
  };
}

function withPrimaryImage<Result>(
  bytes: Uint8Array,
  use: (libheif: Libheif, handle: Handle) => Result,
): Result {
  const libheif = loaded();
  try {
    const context = libheif.heif_context_alloc();
    try {
      const failure = libheif.heif_context_read_from_memory(context, bytes);
      if (failure.code.value !== 0) throw failed(failure);
      const handle = libheif.heif_js_context_get_primary_image_handle(context);
      if ("code" in handle) throw failed(handle);
      try {
        return use(libheif, handle);
      } finally {
        libheif.heif_image_handle_release(handle);
      }
    } finally {
      libheif.heif_context_free(context);
    }
  } catch (error) {
    // A trap leaves the instance in a state that nobody knows: the next photo has a new one.
    if (!(error instanceof HeicError)) library = null;
    throw error;
  } finally {
    if (libheif.HEAPU8.length > mostMemory) library = null;
  }
}

/** libheif's own refusal of a photo, after which it goes on working. */
class HeicError extends Error {}

function failed({ message }: Failure): Error {
  return new HeicError(message);
}

function withoutPadding(data: Uint8Array, stride: number, row: number, rows: number): Uint8Array {
  const plain = new Uint8Array(row * rows);
  for (let y = 0; y < rows; y++) plain.set(data.subarray(y * stride, y * stride + row), y * row);
  return plain;
}
