import { closeSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { codeOf } from "../artifacts/store.ts";
import { type PipelineError, unexpected } from "../errors.ts";
import type { Message } from "./schema.ts";
import { byteLengthOf, type ReadExternal } from "./tensor-file.ts";

/** The place of a tensor's bytes: docs/ExternalData.md of ONNX. */
interface ExternalRange {
  /** a path from the model's folder */
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** Files with a model's weights, open for reading. */
interface ExternalData {
  readonly read: ReadExternal;
  readonly close: () => void;
}

/** Opens the files that a model's tensors lie in, each as it is first needed. */
export function openExternalData(model: string): ExternalData {
  const files = new Map<string, number>();
  const opened = (location: string): number => {
    const file = files.get(location) ?? openSync(externalFile(model, location), "r");
    files.set(location, file);
    return file;
  };
  return {
    read(message, subject) {
      const range = rangeOf(message, subject, model);
      const bytes = new Uint8Array(range.length);
      const file = opened(range.location);
      for (let done = 0; done < bytes.length;) {
        const count = readSync(file, bytes, done, bytes.length - done, range.offset + done);
        if (count === 0) throw tooShort(model, range, range.offset + done);
        done += count;
      }
      return bytes;
    },
    close() {
      for (const file of files.values()) closeSync(file);
    },
  };
}

/**
 * The files that tensors lie in, by their names in the model, none of them read.
 *
 * @throws PipelineError `usage` where one is not there, is too short, or lies outside the model's
 *   folder
 */
export function externalFiles(
  model: string,
  tensors: readonly Message<"TensorProto">[],
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const message of tensors) {
    const range = rangeOf(message, message.name, model);
    const file = files.get(range.location) ?? externalFile(model, range.location);
    files.set(range.location, file);
    const { size } = statSync(file);
    if (size < range.offset + range.length) throw tooShort(model, range, size);
  }
  return files;
}

function rangeOf(message: Message<"TensorProto">, subject: string, model: string): ExternalRange {
  const entries = new Map(message.external_data.map(({ key, value }) => [key, value]));
  const needed = byteLengthOf(message, subject);
  const [offset, length] = [Number(entries.get("offset") ?? 0), Number(entries.get("length") ?? needed)];
  const location = entries.get("location") ?? "";
  if (location !== "" && Number.isSafeInteger(offset) && offset >= 0 && length === needed)
    return { location, offset, length };
  throw refused(model, {
    expected: `a file, an offset and a length of ${needed} bytes`,
    subject,
    got: JSON.stringify(Object.fromEntries(entries)),
  });
}

/**
 * A model is a stranger's file: what it names may not lead out of its folder, by name or by link.
 */
function externalFile(model: string, location: string): string {
  const folder = path.dirname(path.resolve(model));
  const expected = "weights in the model's own folder";
  if (!isBelow(location))
    throw refused(model, { expected, subject: model, got: `external data in ${location}` });
  const file = path.join(folder, location);
  const real = realPath(file);
  if (real === null || !statSync(real).isFile())
    throw unexpected("usage", {
      where: "onnx",
      expected: `the external data of ${path.basename(model)}, which holds its weights,`,
      subject: file,
      got: real === null ? "no such file" : "no file",
      hint: `copy ${location} beside ${path.basename(model)}, or ${asOneFile(model, "where both files are, ")}`,
    });
  if (real.startsWith(realpathSync(folder) + path.sep)) return real;
  throw refused(model, {
    expected,
    subject: file,
    got: `a link to ${real}`,
    hint: `copy the file itself into that folder, or ${asOneFile(model)}`,
  });
}

/** Whether a path leads from a folder to below it, on any system. */
function isBelow(location: string): boolean {
  if (path.posix.isAbsolute(location) || path.win32.isAbsolute(location) || /^[a-z]:/i.test(location))
    return false;
  return !location.split(/[\\/]/).includes("..") && !location.includes("\0");
}

function realPath(file: string): string | null {
  try {
    return realpathSync(file);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ELOOP"].includes(codeOf(error) ?? "")) return null;
    throw error;
  }
}

function tooShort(model: string, { location, offset, length }: ExternalRange, size: number): PipelineError {
  return unexpected("usage", {
    where: "onnx",
    expected: `at least ${offset + length} bytes of external data`,
    subject: path.join(path.dirname(model), location),
    got: `${size}: it is cut short, or another model's`,
    hint: `copy it again, or ${asOneFile(model, "where the whole file is, ")}`,
  });
}

function refused(
  model: string,
  what: Pick<Parameters<typeof unexpected>[1], "expected" | "subject" | "got" | "hint">,
): PipelineError {
  return unexpected("usage", { where: "onnx", hint: asOneFile(model), ...what });
}

function asOneFile(model: string, where = ""): string {
  const name = JSON.stringify(path.basename(model));
  return `${where}save it as one file in Python: onnx.save(onnx.load(${name}), "one-file.onnx")`;
}
