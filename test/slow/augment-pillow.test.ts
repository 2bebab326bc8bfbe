import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { newArena } from "../../shared/image/arena.ts";
import { decodeRgb } from "../../shared/image/decode.ts";
import { levelsOf } from "../../shared/image/levels.ts";
import { resizedSize } from "../../shared/image/operations/resize.ts";
import { rotated } from "../../shared/image/operations/rotation.ts";
import { after, stretch } from "../../shared/image/affine.ts";
import { viewOf, type View } from "../../shared/image/view.ts";
import { warp } from "../../shared/image/warp.ts";
import { config } from "../../stages/augment/config.ts";
import { viewConfig } from "../../stages/augment/settings.ts";
import { temporaryFolder } from "../folder.ts";
import { psnr } from "../shared/image/picture.ts";
import { hasPython, python } from "./python.ts";

const photosFolder = "../shared/data/clothing/validation";
const there = existsSync(photosFolder);
const side = 224;
const recipe = viewConfig(config.parse({}));

const pillows = hasPython("numpy", "PIL", "pillow_heif");

/** One photo of each of the ten classes. */
function tenPhotos(): string[] {
  return readdirSync(photosFolder)
    .sort()
    .map((kind) => path.join(photosFolder, kind, readdirSync(path.join(photosFolder, kind)).sort()[3] ?? ""));
}

/** Runs a program of Python with Pillow; `inputs` are its argument as JSON. */
function pillow(program: string, inputs: unknown): void {
  python("-c", program, JSON.stringify(inputs));
}

async function viewed(
  file: string,
  view: (photo: { width: number; height: number }) => View,
): Promise<Uint8Array> {
  const photo = await decodeRgb(readFileSync(file), {
    background: "white",
    failOn: "truncated",
    resize: { fit: "outside", side: 560 },
  });
  const out = new Uint8Array(side * side * 3);
  const wanted = view(photo.original);
  warp(levelsOf(photo, wanted.frame, newArena()), wanted, out);
  return out;
}

const clean = (photo: { width: number; height: number }) => viewOf(0, "", 0, recipe, photo);

/**
 * torchvision's Resize and CenterCrop are these calls of Pillow (transforms/_functional_pil.py).
 */
const cleanProgram = `
import json, sys
from PIL import Image, ImageOps
for source, target in json.loads(sys.argv[1]):
    image = ImageOps.exif_transpose(Image.open(source)).convert("RGB")
    short, long = sorted(image.size)
    size = (224, int(224 * long / short)) if image.width <= image.height else (int(224 * long / short), 224)
    image = image.resize(size, Image.BILINEAR)
    left, top = int(round((image.width - 224) / 2.0)), int(round((image.height - 224) / 2.0))
    open(target, "wb").write(image.crop((left, top, left + 224, top + 224)).tobytes())
`;

describe.skipIf(!there || !pillows)(
  "view 0 of real photos (skipped where ../shared/data is not there)",
  () => {
    it("is Pillow's, at 38 dB or better, on ten photos", async () => {
      const photos = tenPhotos();
      expect(photos).toHaveLength(10);
      const folder = temporaryFolder();
      const targets = photos.map((_, i) => path.join(folder, `${i}.rgb`));
      pillow(
        cleanProgram,
        photos.map((photo, i) => [photo, targets[i]]),
      );
      for (const [i, photo] of photos.entries())
        expect(psnr(await viewed(photo, clean), readFileSync(targets[i] ?? ""))).toBeGreaterThan(50);
    });

    it("is Pillow's at 38 dB or better where a photo is decoded at a reduced size", async () => {
      const folder = temporaryFolder();
      const enlarged = `
import json, sys
import numpy
from PIL import Image
for source, target, short in json.loads(sys.argv[1]):
    image = Image.open(source)
    scale = short / min(image.size)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.LANCZOS)
    grain = numpy.random.default_rng(0).normal(0, 6, (image.height, image.width, 3))
    image = Image.fromarray(numpy.clip(numpy.asarray(image) + grain, 0, 255).astype(numpy.uint8))
    image.save(target, quality=92)
`;
      const shorts = [561, 600, 800, 1119, 1121, 1500, 2240, 3024];
      const photos = shorts.map((short) => path.join(folder, `${short}.jpg`));
      const sources = tenPhotos();
      pillow(
        enlarged,
        photos.map((photo, i) => [sources[i], photo, shorts[i]]),
      );
      pillow(
        cleanProgram,
        photos.map((photo) => [photo, `${photo}.rgb`]),
      );
      const ratios = await Promise.all(
        photos.map(async (photo) => psnr(await viewed(photo, clean), readFileSync(`${photo}.rgb`))),
      );
      expect(Math.min(...ratios), ratios.map((ratio) => ratio.toFixed(1)).join(" ")).toBeGreaterThan(38);
    });
  },
);

describe.skipIf(!there || !pillows)(
  "random views of real photos (skipped where ../shared/data is not there)",
  () => {
    it("look as Pillow's chain of crop, resize, flip and rotation makes them out of the whole photo", async () => {
      const folder = temporaryFolder();
      const cases = tenPhotos().map((photo, i) => {
        const angle = -27 + i * 6;
        const width = 70 + i * 14;
        return {
          photo,
          target: path.join(folder, `${i}.rgb`),
          box: [10 + i, 20 + i, width, Math.round(width * (0.76 + i * 0.05))],
          angle,
        };
      });
      pillow(
        `
import json, sys
from PIL import Image
for case in json.loads(sys.argv[1]):
    image = Image.open(case["photo"]).convert("RGB")
    short, long = sorted(image.size)
    size = (224, int(224 * long / short)) if image.width <= image.height else (int(224 * long / short), 224)
    left, top, width, height = case["box"]
    x, y = image.width / size[0], image.height / size[1]
    box = (left * x, top * y, (left + width) * x, (top + height) * y)
    view = image.resize((224, 224), Image.BILINEAR, box=box).transpose(Image.FLIP_LEFT_RIGHT)
    open(case["target"], "wb").write(view.rotate(case["angle"], Image.BILINEAR).tobytes())
`,
        cases,
      );
      const ratios: number[] = [];
      for (const { photo, target, box, angle } of cases) {
        const [left = 0, top = 0, width = 0, height = 0] = box;
        const toCrop = rotated({ width: side, height: side }, angle);
        const flipped = after(stretch(width / side, height / side, left, top), stretch(-1, 1, side));
        const view = (size: { width: number; height: number }): View => ({
          frame: resizedSize(size, side),
          side,
          toFrame: after(flipped, toCrop),
          toCrop,
          colour: null,
        });
        ratios.push(psnr(await viewed(photo, view), readFileSync(target)));
      }
      expect(Math.min(...ratios), ratios.map((ratio) => ratio.toFixed(1)).join(" ")).toBeGreaterThan(30);
    });
  },
);

describe.skipIf(!pillows)("photos of every kind", () => {
  it("are decoded into Pillow's pixels: grey, palette, alpha, progressive, subsampled, inks, HEIC, AVIF, TIFF, GIF, BMP, turned", async () => {
    const folder = temporaryFolder();
    pillow(
      `
import json, sys
import numpy, pillow_heif
from PIL import Image, ImageOps
pillow_heif.register_heif_opener()
folder = json.loads(sys.argv[1])
y, x = numpy.mgrid[0:60, 0:80]
image = Image.fromarray(numpy.stack([x * 3, y * 4, x + y], axis=2).astype(numpy.uint8))
image.convert("L").save(folder + "/grey.jpg", quality=95)
image.convert("LA").save(folder + "/grey-alpha.png")
image.quantize(64).save(folder + "/palette.png")
transparent = image.convert("RGBA")
transparent.putalpha(Image.fromarray((x * 3).astype(numpy.uint8)))
transparent.save(folder + "/alpha.png")
transparent.save(folder + "/alpha.webp", lossless=True, exact=True)
image.save(folder + "/progressive.jpg", progressive=True, subsampling=0, quality=95)
image.save(folder + "/subsampled.jpg", subsampling=2, quality=95)
image.convert("CMYK").save(folder + "/inks.jpg", quality=95)
image.save(folder + "/photo.heic", quality=95)
transparent.save(folder + "/alpha.heic", quality=95)
image.save(folder + "/photo.avif", quality=95, subsampling="4:4:4")
image.save(folder + "/photo.tif", compression="tiff_lzw")
image.convert("CMYK").save(folder + "/inks.tif")
image.save(folder + "/photo.gif")
image.save(folder + "/photo.bmp")
exif = Image.Exif()
for orientation in range(1, 9):
    exif[0x0112] = orientation
    image.save(f"{folder}/turned-{orientation}.jpg", exif=exif, quality=95)
    turned = f"{folder}/turned-{orientation}.heic"
    pillow_heif.encode("RGB", image.size, image.tobytes(), turned, quality=95, exif=exif.tobytes())
import glob
for name in glob.glob(folder + "/*.*"):
    image = ImageOps.exif_transpose(Image.open(name))
    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    open(name + ".rgb", "wb").write(image.convert("RGB").tobytes())
`,
      folder,
    );
    const names = readdirSync(folder).filter((name) => /\.(jpg|png|webp|heic|avif|tif|gif|bmp)$/.test(name));
    expect(names).toHaveLength(31);
    for (const name of names) {
      const { data } = await decodeRgb(readFileSync(path.join(folder, name)), {
        background: "white",
        failOn: "truncated",
      });
      expect(psnr(data, readFileSync(path.join(folder, `${name}.rgb`))), name).toBeGreaterThan(48);
    }
  });
});
