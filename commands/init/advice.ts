/** What a set is, as far as advice depends on it. */
export interface Circumstances {
  /** labelled photos */
  readonly photos: number;
  /** mean top-1 confidence of the pretrained network on some of them; null: not known */
  readonly confidence: number | null;
}

export interface Advice {
  /** blocks to be unfrozen */
  readonly unfreeze: 0 | 2 | 4;
  readonly near: "near" | "not so near" | "far" | "unknown";
  readonly why: string;
}

/**
 * Bounds of the mean confidence, placed between sets of which it was measured (64 photos of each;
 * dogs and clothes 0.47 to 0.54, 32-pixel photos of CIFAR-10 0.32 to 0.39, a desktop's icons 0.03).
 * They sort roughly; the sweep decides.
 */
const bounds = { near: 0.4, far: 0.15 } as const;

/** Photos below which a block's weights would be learned by heart. */
const fewest = 300;

/**
 * Photos from which tuning the last blocks was worth it (bench/unfreeze.ts: three points on 3,068
 * photos of 10 classes).
 */
const many = 1000;

/**
 * How much of the network to train, by the rule of transfer learning's textbooks: the more photos
 * there are, and the less they are like those that the network was trained on, the more of it.
 */
export function adviceFor({ photos, confidence }: Circumstances): Advice {
  const near = nearnessIn(confidence);
  if (photos === 0)
    return { unfreeze: 0, near, why: "no photo has a label: features are made, and nothing is trained" };
  const isNear = near === "near" || near === "unknown";
  if (photos < fewest) return { unfreeze: 0, near, why: "very few photos: train the head alone" };
  if (photos < many)
    return isNear
      ? { unfreeze: 0, near, why: "few photos, much like ImageNet's: train the head alone" }
      : {
          unfreeze: 2,
          near,
          why: "few photos, unlike ImageNet's: train the head, and the last two blocks a little",
        };
  return isNear
    ? {
        unfreeze: 2,
        near,
        why: "many photos, much like ImageNet's: the last two blocks can be tuned to them",
      }
    : {
        unfreeze: 4,
        near,
        why: "many photos, unlike ImageNet's: the last four blocks should be tuned to them",
      };
}

function nearnessIn(confidence: number | null): Advice["near"] {
  if (confidence === null) return "unknown";
  if (confidence >= bounds.near) return "near";
  return confidence >= bounds.far ? "not so near" : "far";
}

/** What a mean confidence says, for people. */
export function nearnessInWords({ confidence }: { readonly confidence: number }): string {
  return {
    near: "they look much like ImageNet's",
    "not so near": "they look only a little like ImageNet's",
    far: "they look unlike ImageNet's",
    unknown: "",
  }[nearnessIn(confidence)];
}
