import { counted } from "../../../shared/counted.ts";
import { wilsonInterval } from "../../../shared/wilson.ts";
import { isLabelled, type ListedRow, type Split } from "../row.ts";

/** Validation photos below which their figure says little, and is said to. */
const few = 30;

/**
 * What is to be said of a split: classes that are not measured, or not learned, and how little few
 * photos prove.
 *
 * @param classes in sorted order
 * @param isGiven whether the set itself says which photos are validation's
 */
export function splitRemarks(
  rows: readonly (ListedRow & { readonly split: Split | null })[],
  classes: readonly string[],
  isGiven: boolean,
): string[] {
  const labelled = rows.filter((row) => isLabelled(row));
  const counts = (part: Split) => {
    const own = new Map(classes.map((name) => [name, 0]));
    for (const { label, split } of labelled) if (split === part) own.set(label, (own.get(label) ?? 0) + 1);
    return own;
  };
  const [train, validation] = [counts("train"), counts("validation")];
  const unmeasured = classes.filter((name) => validation.get(name) === 0);
  const lonely = unmeasured.filter((name) => train.get(name) === 1);
  const others = unmeasured.filter((name) => train.get(name) !== 1);
  const unlearned = classes.filter((name) => train.get(name) === 0);
  const photos = [...validation.values()].reduce((sum, count) => sum + count, 0);
  return [
    ...(lonely.length > 0
      ? [
          `${counted(lonely.length, "class has", "classes have")} one photo alone, which is trained on and never measured: ${some(lonely)}; --min-photos 2 leaves such out`,
        ]
      : []),
    ...(others.length > 0
      ? [
          `${counted(others.length, "class has", "classes have")} no validation photo, so that no figure tells how well ${others.length === 1 ? "it is" : "they are"} recognised: ${some(others)}${isGiven ? "" : "; --split per-class gives each one"}`,
        ]
      : []),
    ...(unlearned.length > 0
      ? [
          `${counted(unlearned.length, "class has", "classes have")} no training photo that can be read: ${some(unlearned)}`,
        ]
      : []),
    ...(photos > 0 && photos < few ? [littleProved(photos)] : []),
  ];
}

function littleProved(photos: number): string {
  const { low } = wilsonInterval(photos, photos);
  return `${counted(photos, "validation photo proves", "validation photos prove")} little: even with all of them right, the accuracy may be as low as ${Math.round(100 * low)} % (95 % confidence)`;
}

function some(names: readonly string[]): string {
  return names.slice(0, 10).join(", ") + (names.length > 10 ? ` and ${names.length - 10} more` : "");
}
