const jpeg = [0xff, 0xd8, 0xff];
const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether a file's first bytes are those of a JPEG, a PNG or a WebP image, whatever its name says. */
export function startsAsPhoto(bytes: Uint8Array): boolean {
  const startsWith = (magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte);
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  return startsWith(jpeg) || startsWith(png) || (text(0, 4) === "RIFF" && text(8, 12) === "WEBP");
}
