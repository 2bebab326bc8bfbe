import type { Command } from "commander";
import path from "node:path";
import { engineNamed } from "../shared/engine/engines.ts";
import { limitsHere } from "../shared/limits.ts";
import { wholeNumber } from "../shared/whole-number.ts";
import { adviceOf } from "./classify/advice.ts";
import { methods, methodsNamed } from "./classify/methods.ts";
import { partsOf } from "./classify/parts.ts";
import { recordOf } from "./classify/record.ts";
import { sideBySide } from "./classify/side-by-side.ts";
import { resultsTable } from "./classify/table.ts";
import { tryMethods } from "./classify/try-methods.ts";
import { withThreads } from "./classify/works.ts";
import type { Answer, Speaking } from "./command.ts";

interface ClassifyFlags {
  readonly features?: string;
  readonly only?: string;
  readonly folds: string;
  readonly seed: string;
  readonly run?: string;
  readonly artifacts: string;
  readonly workers?: string;
}

/** `classify`: other classifiers on the exported features. */
export function addClassify(program: Command, speaking: Speaking): void {
  program
    .command("classify")
    .description("try other classifiers on the exported features, cross-validated on the training photos")
    .option(
      "--features <files>",
      "feature files, of several backbones side by side: a.arrow,b.arrow (default: the run's features.arrow)",
    )
    .option("--only <names>", `some of ${methods.map(({ name }) => name).join(",")} (default: all)`)
    .option("--folds <n>", "parts that the training photos are cut into", "5")
    .option("--seed <n>", "decides the folds, and the trees' random choices", "0")
    .option("--run <name>", "whose features (default: the newest run's)")
    .option("--artifacts <folder>", "where results are kept", "artifacts")
    .option("--workers <n>", "threads (default: the cores that it may use)")
    .action(async (flags: ClassifyFlags) => {
      speaking.answer(await classify(flags, speaking));
    });
}

async function classify(flags: ClassifyFlags, { signal, progress }: Speaking): Promise<Answer> {
  const chosen = methodsNamed(flags.only);
  const folds = wholeNumber("--folds", flags.folds, { where: "classify", least: 2 });
  const seed = wholeNumber("--seed", flags.seed, { where: "classify", least: 0 });
  const threads =
    flags.workers === undefined
      ? limitsHere().usable
      : wholeNumber("--workers", flags.workers, { where: "classify" });
  const [first = "", ...others] = filesOf(flags);
  // Loaded here, as Arrow's library takes longer to load than most commands take.
  const { readFeatureFile } = await import("./classify/features.ts");
  const joined = sideBySide([
    await readFeatureFile(first),
    ...(await Promise.all(others.map(readFeatureFile))),
  ]);
  const parts = partsOf(joined, folds);
  const speaker = progress("classify");
  speaker.line(
    `${parts.training.labels.length} photos to learn from, ${parts.classes.length} classes, ${joined.blocks.join(" + ")} features`,
  );
  for (const { name, labels } of parts.scored) {
    const unseen = labels.filter((label) => label === -1).length;
    if (unseen > 0)
      speaker.line(`${unseen} ${name} photos are of classes that no training photo has: never right`);
  }
  if (parts.scored.length === 0) speaker.line("no labelled validation or test photos: only folds are scored");
  const engine = await engineNamed("cpu");
  const tried = await withThreads(threads, signal, (work) =>
    tryMethods(chosen, parts, joined.features, folds, {
      engine,
      threads,
      work,
      seed,
      progress: speaker,
      signal,
    }),
  );
  return {
    text: `${resultsTable(tried, folds)}${adviceOf(tried.results)}`,
    json: recordOf(tried, parts, folds, seed),
  };
}

/** The feature files that are asked for: those of `--features`, else the run's. */
function filesOf({ features, run, artifacts }: ClassifyFlags): string[] {
  if (features !== undefined) return features.split(",").map((file) => file.trim());
  const folder = run === undefined ? artifacts : path.join(artifacts, "runs", run);
  return [path.join(folder, "features.arrow")];
}
