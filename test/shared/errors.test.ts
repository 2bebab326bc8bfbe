import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { mendable, PipelineError } from "../../shared/errors.ts";
import { temporaryFolder } from "../folder.ts";

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("it threw nothing");
}

test("what the system refuses is the user's to hint, and names the file", () => {
  const folder = temporaryFolder();
  const file = path.join(folder, "file");
  writeFileSync(file, "");
  const error = mendable(
    thrownBy(() => readdirSync(path.join(file, "below"))),
    "train",
  );
  expect(error?.code).toBe("engine");
  expect(error?.message).toMatch(
    /^train: expected a file or folder whose parents are all folders for ".*below" but got ENOTDIR/,
  );
  mkdirSync(path.join(folder, "there"));
  expect(
    mendable(
      thrownBy(() => {
        writeFileSync(path.join(folder, "there"), "");
      }),
      "train",
    )?.message,
  ).toContain("EISDIR");
});

test("an error of ours that can be mended stays itself, anything else is a defect", () => {
  const own = new PipelineError("data", "index: expected photos");
  expect(mendable(own, "train")).toBe(own);
  expect(mendable(new TypeError("undefined is not a function"), "train")).toBeNull();
  expect(mendable("a text", "train")).toBeNull();
});

test("a native library that cannot be loaded is mended by installing it again", () => {
  const error = Object.assign(new Error("libvips.so: cannot open shared object file\n more"), {
    code: "ERR_DLOPEN_FAILED",
  });
  expect(mendable(error, "augment")).toMatchObject({
    code: "engine",
    message: expect.stringMatching(
      /^augment: expected npm's native libraries to load .* but got libvips\.so: cannot open shared object file\n {2}npm ci/,
    ) as string,
  });
});

test("what this user may not open comes with what helps", () => {
  const denied = Object.assign(new Error("EACCES: permission denied, open '/photos/1.jpg'"), {
    ...{ code: "EACCES", path: "/photos/1.jpg" },
  });
  expect(mendable(denied, "index")?.message).toMatch(
    /^index: .* for "\/photos\/1\.jpg" but got EACCES \(permission denied\)\n {2}chmod or chown .*--artifacts FOLDER$/,
  );
});
