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

test("a folder is looked through, hidden files and other files left out; ids count from it", async () => {
  const folder = folderOf("b.JPG", "a.webp", "deep/er/c.png", "notes.txt", ".hidden.jpg", ".cache/d.jpg");
  expect(await photosNamed([folder])).toEqual(
    ["a.webp", "b.JPG", "deep/er/c.png"].map((id) => ({ id, file: path.join(folder, id) })),
  );
});

test("photos that are named keep their names, whatever those say of their kind", async () => {
  const folder = folderOf("one.bin", "deep/two.jpg");
  const [file, deep] = [path.join(folder, "one.bin"), path.join(folder, "deep")];
  expect(await photosNamed([file, deep])).toEqual([
    { id: file, file },
    { id: `${deep}/two.jpg`, file: path.join(deep, "two.jpg") },
  ]);
});

test("a path that leads nowhere, and a folder without photos, are errors", async () => {
  const folder = folderOf("notes.txt");
  await expect(photosNamed([folder])).rejects.toThrow(
    /expected JPEG, PNG or WebP photos for .* a folder without any/,
  );
  await expect(photosNamed(["nowhere"])).rejects.toThrow('"nowhere" but got no such file or folder');
});
