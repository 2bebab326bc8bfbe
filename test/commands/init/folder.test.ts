import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { found } from "../../../commands/init/folder.ts";
import { sampled, someOf } from "../../../commands/init/sample.ts";
import {
  classesInWords,
  endingsInWords,
  imbalanceOf,
  notes,
  oddities,
  sizesInWords,
} from "../../../commands/init/words.ts";
import { config as indexConfig, type IndexConfig } from "../../../stages/index/config.ts";
import { temporaryFolder } from "../../folder.ts";

const configFor = (data: string, given: Partial<IndexConfig> = {}) => indexConfig.parse({ data, ...given });

/** Photos of one colour: their paths below the folder, and the pixels of their sides. */
async function folderOf(photos: Record<string, number>, others: readonly string[] = []): Promise<string> {
  const folder = temporaryFolder();
  const at = (name: string) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    return path.join(folder, name);
  };
  for (const [name, side] of Object.entries(photos)) {
    const create = { width: side, height: side, channels: 3, background: "#8af" } as const;
    await sharp({ create })
      .toFormat(name.endsWith(".png") ? "png" : "jpeg")
      .toFile(at(name));
  }
  for (const name of others) writeFileSync(at(name), "not a photo");
  return folder;
}

test("classes, counts and sizes of a folder with blanks and other scripts in its names", async () => {
  const folder = await folderOf({
    ...{
      "Käse & co/1.jpg": 300,
      "Käse & co/2.jpg": 400,
      "帽子/1.jpg": 500,
      "帽子/2.png": 300,
      "帽子/3.jpg": 300,
    },
  });
  const set = await found(configFor(folder));
  expect(set.classes).toEqual([
    { name: "Käse & co", photos: 2 },
    { name: "帽子", photos: 3 },
  ]);
  expect(classesInWords(set)).toBe("2, of 2 (Käse & co) to 3 (帽子) photos: Käse & co, 帽子");
  expect(endingsInWords([...set.listing.rows.map(({ path: file }) => file), "no-ending"])).toBe(
    "4 .jpg, 1 .png, 1 without an ending",
  );
  expect(imbalanceOf(set)).toBe(1.5);
  const sample = await sampled(
    folder,
    set.listing.rows.map((row) => row.path),
  );
  expect(sizesInWords(sample)).toBe("300 × 300 in the middle of 5, 300 × 300 to 500 × 500");
  expect(oddities(set, sample)).toEqual([
    "classes of fewer than 10 photos, whose figures will be mostly chance: Käse & co, 帽子",
  ]);
});

test("what is odd is said: junk, a wrong ending, tiny photos, lonely classes, names alike, files that are not read", async () => {
  const folder = await folderOf({ "Cat/1.jpg": 20, "cat /1.jpg": 300, "cat /2.jpeg": 300 }, [
    "cat /3.jpg",
    "film.mov",
  ]);
  copyFileSync(path.join(folder, "cat /1.jpg"), path.join(folder, "cat /lie.png"));
  await expect(found(configFor(folder))).rejects.toThrow(/Cat \(1\) and cat {2}\(4\)[^]*--label-case merge/);
  const set = await found(configFor(folder, { labelCase: "keep" }));
  const sample = await sampled(
    folder,
    set.listing.rows.map((row) => row.path),
  );
  const said = [...notes(set), ...oddities(set, sample)].join("\n");
  expect(said).toContain("classes of one photo, which are trained on and never measured: Cat");
  expect(said).toContain('classes that differ in case or blanks alone: "Cat", "cat "');
  expect(said).toContain("left out: films, 1 (film.mov)");
  expect(said).toContain("1 of 5 photos looked at cannot be opened: cat /3.jpg");
  expect(said).toContain("cat /lie.png (JPEG)");
  expect(said).toContain("1 of 5 photos looked at are tiny: Cat/1.jpg");
});

test("a folder of what has to be converted or unpacked says so", async () => {
  const folder = await folderOf({}, ["a/1.nef", "b/2.NEF", "b.zip"]);
  await expect(found(configFor(folder))).rejects.toThrow(
    /but got no photo[^]*2 camera raw files \(a\/1.nef\): convert them to JPEG[^]*b.zip\): unpack it/,
  );
  await expect(found(configFor(await folderOf({})))).rejects.toThrow(
    /expected labelled photos .* but got no photo/,
  );
});

test("a sample is the same every time, and everything where there is little", () => {
  const paths = Array.from({ length: 1000 }, (_, i) => String(i));
  expect(someOf(paths, 10)).toEqual(someOf(paths, 10));
  expect(new Set(someOf(paths, 300)).size).toBe(300);
  expect(someOf(["a", "b"], 300)).toEqual(["a", "b"]);
});
