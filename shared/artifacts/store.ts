import { constants } from "node:fs";
import { access, chmod, copyFile, link, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import path from "node:path";

/** Immutable objects by name ("embed/<key>/manifest.json"). The local one is files; an object store fits later. */
export interface ObjectStore {
  exists(name: string): Promise<boolean>;
  /** names of the entries right below a prefix, sorted; none where nothing is there */
  list(prefix: string): Promise<string[]>;
  /** where an object can be read on this machine */
  path(name: string): string;
  /** Moves a finished file in. Of two under one name the first stays, and the second is dropped. */
  put(name: string, file: string, options?: PutOptions): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface PutOptions {
  /** On the disk before it counts: for what nothing can make again or check by a digest. */
  readonly durable?: boolean;
}

/** An object store that is a folder. */
export function folderStore(root: string): ObjectStore {
  const at = (name: string) => path.join(root, name);
  return {
    path: at,
    async exists(name) {
      return access(at(name), constants.F_OK).then(
        () => true,
        () => false,
      );
    },
    async list(prefix) {
      const entries = await readdir(at(prefix)).catch(ignoring("ENOENT", []));
      return entries.sort();
    },
    async put(name, file, { durable = false } = {}) {
      await mkdir(path.dirname(at(name)), { recursive: true });
      await chmod(file, 0o444);
      if (durable) await synced(file);
      await linkOrCopy(file, at(name));
      if (durable) await synced(path.dirname(at(name)));
      await rm(file, { force: true });
    },
    async remove(name) {
      await rm(at(name), { recursive: true, force: true });
    },
  };
}

/** Gives `file` a second name, whole or not at all, unless something has that name already. */
async function linkOrCopy(file: string, name: string): Promise<void> {
  try {
    await link(file, name);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    // File systems without hard links: a copy under another name first, so that no half of it is ever seen.
    const copy = `${name}.${randomUUID()}`;
    await copyFile(file, copy);
    await rename(copy, name);
  }
}

/** Makes `name` show the same bytes as `file`, replacing what was there in one step. */
export async function relink(file: string, name: string): Promise<void> {
  await mkdir(path.dirname(name), { recursive: true });
  const fresh = `${name}.${randomUUID()}`;
  await linkOrCopy(file, fresh);
  await rename(fresh, name);
  // Renaming one name of a file to another of the same file does nothing at all, by POSIX.
  await rm(fresh, { force: true });
}

async function synced(fileOrFolder: string): Promise<void> {
  const handle = await open(fileOrFolder, "r").catch(ignoring("EISDIR", null));
  if (handle === null) return;
  // Folders cannot be synced on every file system; the file's own sync is what matters.
  await handle.sync().catch(() => undefined);
  await handle.close();
}

/** The error code of the operating system, where it is one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** A handler that answers `value` to one kind of failure and passes every other on. */
export function ignoring<Value>(code: string, value: Value): (error: unknown) => Value {
  return (error) => {
    if (codeOf(error) === code) return value;
    throw error;
  };
}
