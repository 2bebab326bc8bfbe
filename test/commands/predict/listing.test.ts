import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { filesBelow } from "../../../commands/predict/listing.ts";
import { temporaryFolder } from "../../folder.ts";

function folderOf(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), "");
  }
  return folder;
}

test("hidden files and what a file server leaves are left out by name, in whatever folder", async () => {
  const folder = folderOf("1.jpg", "x/2.jpg", "x/._2.jpg", "x/@eaDir/2.jpg", "x/.thumb/2.jpg", ".3.jpg");
  expect(await filesBelow(folder)).toEqual({
    files: [{ path: "1.jpg" }, { path: "x/2.jpg" }],
    leftOut: { hidden: [".3.jpg", "x/.thumb"], junk: ["x/._2.jpg", "x/@eaDir"], closed: [], loops: [] },
  });
});

test("links are followed, but not back up; one that leads nowhere has its reason", async () => {
  const [folder, other] = [folderOf("x/1.jpg"), folderOf("2.jpg")];
  symlinkSync(other, path.join(folder, "linked"));
  symlinkSync("..", path.join(folder, "x/up"));
  symlinkSync("gone.jpg", path.join(folder, "broken.jpg"));
  symlinkSync("circle.jpg", path.join(folder, "circle.jpg"));
  const { files, leftOut } = await filesBelow(folder);
  expect(files).toEqual([
    { path: "broken.jpg", unreadable: "a link that leads nowhere" },
    { path: "circle.jpg", unreadable: "a link that leads in a circle" },
    { path: "linked/2.jpg" },
    { path: "x/1.jpg" },
  ]);
  expect(leftOut.loops).toEqual(["x/up"]);
});

test.skipIf(process.platform === "win32")("a pipe is not waited for", async () => {
  const folder = folderOf("1.jpg");
  execFileSync("mkfifo", [path.join(folder, "pipe")]);
  expect((await filesBelow(folder)).files).toEqual([
    { path: "1.jpg" },
    { path: "pipe", unreadable: "a pipe, socket or device" },
  ]);
});

test.skipIf(process.platform !== "linux")("names that are not UTF-8 have a reason", async () => {
  const folder = folderOf("1.jpg", "\ufffd.jpg");
  const bytes = (name: string) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, "latin1")]);
  writeFileSync(bytes("caf\xe9.jpg"), "");
  mkdirSync(bytes("\xe9t\xe9"));
  expect(await filesBelow(folder)).toMatchObject({
    files: [
      { path: "1.jpg" },
      { path: "caf\ufffd.jpg", unreadable: "its name is not UTF-8: rename it" },
      { path: "\ufffd.jpg" },
    ],
    leftOut: { closed: [{ path: "\ufffdt\ufffd", reason: "its name is not UTF-8: rename it" }] },
  });
});
