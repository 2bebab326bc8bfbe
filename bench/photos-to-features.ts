/**
 * From photos to features.arrow, beside what cannot be avoided (the network's own rate) and beside the recipe in PyTorch:
 *
 *     npx tsx bench/photos-to-features.ts --data ../shared/data/clothing [--recipe ../shared/reference/recipe_pytorch.py]
 *
 * The recipe runs two of its nine epochs and is scaled, unless `--recipe-epochs 9` says otherwise; it needs a Python
 * ($PYTHON) with torch, torchvision, scikit-learn and efficientnet-lite-pytorch.
 */
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { onnxruntimeRate } from "./onnxruntime-rate.ts";
import { benchFolder, factsOf, figuresOf, timed, timedPipeline } from "./runs.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data/clothing" },
    recipe: { type: "string", default: "" },
    "recipe-epochs": { type: "string", default: "2" },
  },
});
const recipeEpochs = Number(values["recipe-epochs"]);

const artifacts = benchFolder("photos-to-features");
const before = await onnxruntimeRate();
const inAll = await timedPipeline("all", "--data", values.data, "--views", "1", "--artifacts", artifacts);
const after = await onnxruntimeRate();

const views = Number(figuresOf(artifacts, "augment").warped);
const rate = (before + after) / 2;
const bound = views / rate;
// The report comes after features.arrow.
const seconds = inAll - figuresOf(artifacts, "report").seconds;
for (const stage of ["index", "augment", "embed", "train", "export", "report"])
  console.log(
    `${stage}: ${figuresOf(artifacts, stage).seconds.toFixed(1)} s, peak ${figuresOf(artifacts, stage).peakMemoryMiB} MiB`,
  );
console.log(`onnxruntime alone: ${before.toFixed(1)} photos/s before, ${after.toFixed(1)} after`);
console.log(
  `photos to features.arrow: ${seconds.toFixed(1)} s for ${views} views; the network alone ${bound.toFixed(1)} s; with the report ${inAll.toFixed(1)} s`,
);
console.log(`ratio to the network alone: ${(seconds / bound).toFixed(2)} (at most 1.4 wanted)`);
console.log(`validation accuracy: ${(100 * Number(factsOf(artifacts, "train")["accuracy"])).toFixed(1)} %`);
rmSync(artifacts, { recursive: true });

if (values.recipe !== "") {
  const folders = ["train", "validation"]
    .map((name) => path.join(values.data, name))
    .filter((folder) => existsSync(folder));
  const data = folders.length === 2 ? folders : [values.data];
  const args = [values.recipe, ...data, "--batch", "64", "--epochs", String(recipeEpochs)];
  const took = await timed(process.env["PYTHON"] ?? "python3", args);
  const nine = (took * 9) / recipeEpochs;
  console.log(
    `recipe in PyTorch: ${took.toFixed(0)} s for ${recipeEpochs} of nine epochs, ${nine.toFixed(0)} s for nine at that rate`,
  );
  console.log(`times faster than the recipe: ${(nine / seconds).toFixed(1)} (at least 20 wanted)`);
}
