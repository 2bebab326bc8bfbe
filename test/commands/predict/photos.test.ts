import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { photosNamed } from "../../../commands/predict/photos.ts";
import { temporaryFolder } from "../../folder.ts";

function folderOf(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), "");
  }
  return folder;
}

test("every file below a folder is asked about, whatever its name ends in; ids count from it", async () => {
  const folder = folderOf("b.JPG", "a", "deep/er/c.bmp", "notes.txt", "Thumbs.db", ".cache/d.jpg");
  const { photos, leftOut } = await photosNamed([folder]);
  expect(photos).toEqual(
    ["a", "b.JPG", "notes.txt", "deep/er/c.bmp"].map((id) => ({ id, file: path.join(folder, id) })),
  );
  expect(leftOut).toEqual({ hidden: [".cache"], junk: ["Thumbs.db"], closed: [], loops: [] });
});

test("photos that are named keep their names, whatever those say of their kind", async () => {
  const folder = folderOf("one.bin", "deep/two.jpg");
  const [file, deep] = [path.join(folder, "one.bin"), path.join(folder, "deep")];
  expect((await photosNamed([file, deep])).photos).toEqual([
    { id: file, file },
    { id: `${deep}/two.jpg`, file: path.join(deep, "two.jpg") },
  ]);
});

test("a path that leads nowhere is an error, and a folder without files one that says what is in there", async () => {
  const folder = folderOf(".hidden.jpg", "@eaDir/1.jpg");
  await expect(photosNamed([folder])).rejects.toThrow(
    /expected photos for .* a folder without any file\n.* 1 hidden name left out: \.hidden\.jpg\n.*: @eaDir$/,
  );
  await expect(photosNamed(["nowhere"])).rejects.toThrow('"nowhere" but got no such file or folder');
});
