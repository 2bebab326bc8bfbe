import type { Artifact } from "../../../shared/artifacts/types.ts";
import { numberFact } from "../../../shared/artifacts/facts.ts";
import type { AnsweredPhotos } from "../figures/answered.ts";
import type { MeasuredParts } from "../figures/parts.ts";
import { scoresOf } from "../figures/scores.ts";
import type { Epoch } from "./epochs.ts";

/** The parts' scores, and which of them chose the epoch. */
export function measuredParts(
  train: Artifact,
  epochs: readonly Epoch[],
  { validation, test }: { readonly validation: AnsweredPhotos; readonly test: AnsweredPhotos },
): MeasuredParts {
  const chosen = validation.rows.length > 0;
  const best = train.manifest.config["best"];
  return {
    validation: chosen ? scoresOf(validation) : null,
    test: test.rows.length > 0 ? scoresOf(test) : null,
    chosenBy: chosen ? "validation" : "last",
    criterion: !chosen ? null : best === "macro-f1" ? "macro-f1" : "loss",
    epoch: numberFact(train.manifest, "bestEpoch"),
    epochs: epochs.length,
  };
}
