import type { Split } from "../row.ts";

/** The part that a name tells; "unlabelled": photos that only the organisers have labels of. */
export type NamedPart = Split | "unlabelled";

const words: Readonly<Record<string, NamedPart>> = {
  ...{ train: "train", training: "train", trn: "train", trainval: "train" },
  ...{ val: "validation", valid: "validation", validation: "validation", validate: "validation" },
  ...{ dev: "validation", eval: "validation", evaluation: "validation" },
  ...{ test: "test", testing: "test", tests: "test", tst: "test" },
  ...{ pred: "unlabelled", predict: "unlabelled", prediction: "unlabelled", inference: "unlabelled" },
  ...{ unlabelled: "unlabelled", unlabeled: "unlabelled", nolabel: "unlabelled" },
};

/** Words beside a part's that say nothing of what is in it. */
const neutral = new Set([
  ...["set", "sets", "data", "dataset", "split", "folder", "files", "part", "stage", "stg", "seg"],
  ...["images", "image", "imgs", "img", "photos", "photo", "pictures", "pics", "jpg", "jpeg", "png"],
  ...["labels", "label", "labelled", "metadata", "annotations", "list", "classes", "public", "private"],
  ...["original", "resized", "small", "full", "final", "new", "all", "csv", "txt"],
]);

/** The words of a name: cut at other characters than letters, at digits and at capitals. */
function wordsOf(name: string): string[] {
  const cut = name
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Za-z])(\d)|(\d)([A-Za-z])/g, "$1$3 $2$4");
  return cut
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

/**
 * The part that a folder, a file or a cell names: "Training", "seg_test", "val2017",
 * "train_images".
 *
 * @param shared words that its siblings have too ("asl" of asl_train beside asl_test)
 */
export function partNamed(name: string, shared: ReadonlySet<string> = new Set()): NamedPart | null {
  const parts = new Set<NamedPart>();
  for (const word of wordsOf(name)) {
    const part = Object.hasOwn(words, word) ? words[word] : undefined;
    if (part !== undefined) parts.add(part);
    else if (!neutral.has(word) && !shared.has(word) && !/^\p{N}+$/u.test(word)) return null;
  }
  const [part, other] = [...parts];
  if (part === undefined) return null;
  return other === undefined ? part : parts.has("train") && parts.has("validation") ? "train" : null;
}

/** The part that a cell of a split column names, in any case; null where it names none. */
export function splitNamed(cell: string): Split | null {
  const part = partNamed(cell);
  return part === "unlabelled" ? null : part;
}

/** The part that each of some siblings names. */
export function partsNamed(names: readonly string[]): (NamedPart | null)[] {
  const own = names.map((name) => new Set(wordsOf(name)));
  const withPart = own.filter((set) => [...set].some((word) => Object.hasOwn(words, word)));
  const uses = new Map<string, number>();
  for (const set of withPart) for (const word of set) uses.set(word, (uses.get(word) ?? 0) + 1);
  const shared = new Set(
    [...uses].flatMap(([word, count]) => (count === withPart.length && count > 1 ? [word] : [])),
  );
  return names.map((name) => partNamed(name, shared));
}
