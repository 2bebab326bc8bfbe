import type { ReadRecords } from "./records.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads JSON that lists photos: a list of objects, one within an object, {photo: label}, {photo:
 * {…}}, {label: [photo, …]}, or an object a line.
 */
export function readJson(text: string, name: string): ReadRecords {
  try {
    return recordsOf(/\.(jsonl|ndjson)$/i.test(name) ? linesOf(text) : (JSON.parse(text) as unknown));
  } catch (cause) {
    return { problem: `it is no JSON: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
}

function linesOf(text: string): unknown[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      throw new Error(`line ${i + 1} is none`);
    }
  });
}

function recordsOf(value: unknown): ReadRecords {
  if (Array.isArray(value)) return fromObjects(value.filter(isObject));
  if (!isObject(value)) return { problem: "it is neither a list nor an object" };
  if (Array.isArray(value["images"]) && Array.isArray(value["annotations"]))
    return { problem: "it is of COCO's form, whose boxes and masks give a photo no class" };
  const entries = Object.entries(value);
  const lists = entries.filter(([, each]) => Array.isArray(each) && each.length > 0 && each.every(isObject));
  if (lists.length === 1) return fromObjects((lists[0]?.[1] as unknown[]).filter(isObject));
  if (entries.length > 0 && entries.every(([, each]) => isListOfText(each)))
    return fromPairs(
      entries.flatMap(([label, photos]) => (photos as string[]).map((photo) => [photo, label] as const)),
    );
  if (entries.length > 0 && entries.every(([, each]) => isObject(each)))
    return fromObjects(entries.map(([path, each]) => ({ path, ...(each as Fields) })));
  if (entries.every(([, each]) => !isObject(each) && !Array.isArray(each)))
    return fromPairs(entries.map(([photo, label]) => [photo, textOf(label)] as const));
  return { problem: "it lists no photos in a form that is known" };
}

function fromPairs(pairs: readonly (readonly [string, string])[]): ReadRecords {
  return { rows: pairs, lines: pairs.map((_, i) => i + 1), header: ["key", "label"] };
}

function fromObjects(objects: readonly Fields[]): ReadRecords {
  const header = [...new Set(objects.flatMap((each) => Object.keys(each)))];
  const rows = objects.map((each) => header.map((name) => textOf(each[name])));
  return { rows, lines: rows.map((_, i) => i + 1), header };
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOfText(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/** A value as a cell of a table has it. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value.trim();
  if (Array.isArray(value) && value.every((each) => typeof each !== "object")) return value.join("|");
  return JSON.stringify(value);
}
