import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type PhotoReader, photoReader } from "../../../shared/predictor/photo-reader.ts";
import { temporaryFolder } from "../../folder.ts";
import { psnr } from "../image/picture.ts";
import { whiteFromLeft } from "./sides.ts";

const fragileChild = new URL("./fragile-child.ts", import.meta.url);

function reader(options: { module?: URL; signal?: AbortSignal } = {}): PhotoReader {
  const signal = new AbortController().signal;
  const wanted = { resize: 8, side: 8, maxPixels: 1e6, background: "white", damaged: "drop" } as const;
  const made = photoReader(wanted, { threads: 2, signal, ...options });
  onTestFinished(() => made.close());
  return made;
}

test(
  "a photo that kills the decoder is named, and those beside it are read",
  { timeout: 30_000 },
  async () => {
    const photos = reader({ module: fragileChild });
    const folder = temporaryFolder();
    const files = ["a.png", "kill-1.png", "b.png", "kill-2.png", "c.png"].map((name) =>
      path.join(folder, name),
    );
    const photo = await whiteFromLeft(0.5);
    for (const file of files) writeFileSync(file, photo);
    const read = await Promise.allSettled(files.map((file) => photos.read(file, undefined)));
    const whole = await photos.read(photo, undefined);
    expect(whole).toHaveLength(8 * 8 * 3);
    for (const [i, outcome] of read.entries())
      if (path.basename(files[i] ?? "").startsWith("kill")) {
        const message = `predict: expected a photo that can be decoded for "${files[i] ?? ""}" but got it brings the decoder down: SIGKILL`;
        expect(outcome).toMatchObject({ status: "rejected", reason: { code: "data", message } });
      } else expect(outcome).toEqual({ status: "fulfilled", value: whole });
  },
);

test("the bytes of a photo are read as its file is, a path from here as from anywhere", async () => {
  const photos = reader();
  const file = path.join(temporaryFolder(), "a.png");
  const photo = await whiteFromLeft(0.5, 20);
  writeFileSync(file, photo);
  const pixels = await photos.read(file, 3);
  expect(pixels).toHaveLength(3 * 8 * 8 * 3);
  expect(await photos.read(new Uint8Array(photo), 3)).toEqual(pixels);
  expect(await photos.read(path.relative("", file), 3)).toEqual(pixels);
  await expect(photos.read("gone.png", 3)).rejects.toThrow(/for "gone.png" but got no such file/);
});

test(
  "HEIC photos are decoded in threads, as Pillow sees them, and one that is damaged is named",
  { timeout: 30_000 },
  async () => {
    const photos = reader();
    const golden = (name: string) =>
      readFileSync(new URL(`../image/golden/formats/${name}`, import.meta.url));
    const heic = golden("photo.heic");
    const [first, second, reference] = await Promise.all(
      [heic, heic, golden("photo.heic.png")].map((photo) => photos.read(photo, undefined)),
    );
    expect(first).toEqual(second);
    expect(psnr(first as Uint8Array, reference as Uint8Array)).toBeGreaterThan(50);
    await expect(photos.read(heic.subarray(0, 500), undefined)).rejects.toThrow(
      /but got truncated or damaged HEIC: /,
    );
  },
);

test("nobody waits for a photo once the signal is aborted", async () => {
  const interruption = new AbortController();
  const photos = reader({ signal: interruption.signal });
  const reading = photos.read(await whiteFromLeft(0.5), undefined);
  interruption.abort();
  await expect(reading).rejects.toMatchObject({ code: "interrupted" });
});
