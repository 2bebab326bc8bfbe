import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, onTestFinished } from "vitest";

/** A folder of the running test's own, deleted when it ends. */
export function temporaryFolder(): string {
  const folder = newFolder();
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A folder for all tests of a file, deleted after the last. */
export function persistentFolder(): string {
  const folder = newFolder();
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Paths of files in a folder for all tests of a file, by name. */
export function persistentFiles(): (name: string) => string {
  const folder = persistentFolder();
  return (name) => path.join(folder, name);
}

function newFolder(): string {
  return mkdtempSync(path.join(tmpdir(), "image-finetune-"));
}
