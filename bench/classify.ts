/**
 * `pipeline.ts classify` beside scikit-learn, on the same features and rows and with the hyper-parameters that `classify` chose:
 *
 *     npx tsx bench/classify.ts clothing dogs-90px [--data ../shared/data] [--only logistic,knn] [--without trees]
 *     npx tsx bench/classify.ts --features features.arrow
 *
 * `clothing` and `dogs-90px` are folders below --data, whose features are made first, in a temporary folder. Both sides learn on all training
 * photos and are scored on the validation photos (scikit-learn `--without` some, which take it very long); seconds are of that alone, beside them those of the whole of `classify`: five
 * folds of every setting. Needs $PYTHON with scikit-learn and pyarrow.
 */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { benchFolder, timedPipeline } from "./runs.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string", default: "../shared/data" },
    features: { type: "string" },
    only: { type: "string" },
    without: { type: "string", default: "" },
  },
});
const root = path.resolve(import.meta.dirname, "..");

interface Classified {
  readonly head: { readonly validation: number | null };
  readonly take: string;
  readonly classifiers: readonly {
    readonly name: string;
    readonly settings: Readonly<Record<string, number>>;
    readonly folds: { readonly accuracy: number; readonly deviation: number };
    readonly validation: {
      readonly photos: number;
      readonly accuracy: number;
      readonly low: number;
      readonly high: number;
      readonly logLoss: number;
    };
    readonly seconds: { readonly folds: number; readonly last: number };
  }[];
}

interface Scikit {
  readonly name: string;
  readonly accuracy: number;
  readonly logLoss: number | null;
  readonly seconds: number;
}

if (values.features !== undefined) compare(path.basename(values.features), values.features);
for (const name of positionals) {
  const folder = benchFolder("classify");
  const artifacts = path.join(folder, "artifacts");
  await timedPipeline("all", "--data", path.join(values.data, name), "--artifacts", artifacts);
  compare(name, path.join(artifacts, "features.arrow"));
  rmSync(folder, { recursive: true });
}

function compare(name: string, features: string): void {
  const only = values.only === undefined ? [] : ["--only", values.only];
  const command = [
    "--import",
    "tsx",
    "pipeline.ts",
    "classify",
    "--features",
    path.resolve(features),
    "--json",
  ];
  const ours = JSON.parse(run(process.execPath, [...command, ...only])) as Classified;
  const without = values.without.split(",");
  const settings = Object.fromEntries(
    ours.classifiers.filter((each) => !without.includes(each.name)).map((each) => [each.name, each.settings]),
  );
  const script = path.join(import.meta.dirname, "classify_sklearn.py");
  const python = process.env["PYTHON"] ?? "python3";
  const theirs = run(python, [script, path.resolve(features), JSON.stringify(settings)])
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Scikit);
  const head = ours.head.validation;
  console.log(
    `\n${name}: the trained head ${head === null ? "–" : percent(head)}; to be taken: ${ours.take}`,
  );
  console.log(
    "| classifier | settings | 5 folds | validation (95 %) | scikit-learn | log loss | scikit-learn | seconds | scikit-learn | all of it |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|---|");
  for (const own of ours.classifiers)
    console.log(
      row(
        own,
        theirs.find((each) => each.name === own.name),
      ),
    );
}

function row(own: Classified["classifiers"][number], other: Scikit | undefined): string {
  const { name, settings, folds, validation, seconds } = own;
  const points = (share: number) => (100 * share).toFixed(1);
  const cells = [
    name,
    Object.entries(settings)
      .map(([key, value]) => `${key} ${Number(value.toPrecision(3))}`)
      .join(", "),
    `${points(folds.accuracy)} ± ${points(folds.deviation)} %`,
    `${percent(validation.accuracy)} (${points(validation.low)} to ${points(validation.high)})`,
    other === undefined ? "–" : percent(other.accuracy),
    validation.logLoss.toFixed(3),
    other?.logLoss?.toFixed(3) ?? "–",
    seconds.last.toFixed(1),
    other === undefined
      ? "–"
      : `${other.seconds.toFixed(1)} (${(other.seconds / seconds.last).toFixed(1)} times as long)`,
    (seconds.folds + seconds.last).toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Runs a program, its messages shown; answers what it printed. */
function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
