import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { persistentFolder } from "../folder.ts";
import { fewClothes, hasSharedPhotos, pipeline, startPipeline } from "./command-line.ts";
import { hasPython, python } from "./python.ts";

interface Classified {
  readonly photos: number;
  readonly take: string;
  readonly head: { readonly validation: number };
  readonly classifiers: readonly {
    readonly name: string;
    readonly settings: Readonly<Record<string, number>>;
    readonly validation: { readonly photos: number; readonly accuracy: number; readonly logLoss: number };
  }[];
}

interface Scikit {
  readonly name: string;
  readonly accuracy: number;
  readonly logLoss: number | null;
}

const scikit = hasPython("numpy", "pyarrow", "sklearn");
/** Not the boosted trees: scikit-learn takes minutes for them. They have goldens in their unit test. */
const compared = ["logistic", "linear-svm", "knn", "rbf-svm", "forest"];
const script = path.resolve(import.meta.dirname, "../../bench/classify_sklearn.py");

describe.skipIf(!hasSharedPhotos)("classify", () => {
  const folder = persistentFolder();

  beforeAll(async () => {
    const classes = ["dress", "hat", "longsleeve", "pants", "shirt", "shoes"];
    const data = fewClothes(path.join(folder, "clothes"), 85, classes);
    // 204 photos are for validation: one of them is just under half a point.
    const outcome = await pipeline(folder, "all", "--data", data, "--val-fraction", "0.4", "--views", "0");
    expect(outcome).toMatchObject({ status: 0 });
  });

  async function classified(...flags: string[]): Promise<Classified> {
    const { process, outcome } = startPipeline(folder, "classify", "--json", ...flags);
    let answer = "";
    process.stdout?.on("data", (text: Buffer) => (answer += text.toString()));
    const { status, output } = await outcome;
    expect({ status, output }).toMatchObject({ status: 0 });
    return JSON.parse(answer) as Classified;
  }

  test.skipIf(!scikit)(
    "is as accurate as scikit-learn with the same hyper-parameters, within 0.5 points",
    async () => {
      const ours = await classified("--only", compared.join());
      const settings = JSON.stringify(
        Object.fromEntries(ours.classifiers.map((each) => [each.name, each.settings])),
      );
      const theirs = python(script, path.join(folder, "artifacts/features.arrow"), settings)
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Scikit);
      expect(ours.classifiers.map(({ name }) => name)).toEqual(compared);
      for (const [i, { name, validation }] of ours.classifiers.entries()) {
        const other = theirs[i];
        // A forest draws other random numbers.
        const points = name === "forest" ? 5 : 0.5;
        const difference = 100 * Math.abs(validation.accuracy - (other?.accuracy ?? NaN));
        expect({ name, difference, near: difference <= points + 1e-9 }).toMatchObject({ name, near: true });
      }
      expect(ours.classifiers[0]?.validation.logLoss).toBeCloseTo(theirs[0]?.logLoss ?? NaN, 2);
    },
  );

  test("answers the same on any number of threads, and beside another file of the same photos", async () => {
    const flags = ["--only", "logistic,rbf-svm,forest", "--folds", "2"];
    const answers = await Promise.all(
      ["1", "2"].map(async (workers) => {
        const { classifiers } = await classified(...flags, "--workers", workers);
        return classifiers.map(({ settings, validation }) => ({ settings, validation }));
      }),
    );
    expect(answers[1]).toEqual(answers[0]);
    cpSync(path.join(folder, "artifacts/features.arrow"), path.join(folder, "again.arrow"));
    const both = await classified("--only", "knn", "--features", "artifacts/features.arrow,again.arrow");
    const alone = await classified("--only", "knn");
    expect(both.classifiers[0]?.validation).toEqual(alone.classifiers[0]?.validation);
    expect(both).toMatchObject({ features: [1280, 1280], photos: alone.photos });
  });

  test("prints a table, which one to take, and how the trained head does", async () => {
    const only = ["--only", "logistic,knn,trees", "--folds", "3"];
    const { status, output } = await pipeline(folder, "classify", ...only);
    expect(status).toBe(0);
    expect(output).toMatch(/│ gradient-boosted trees │ rounds \d+ +│ [\d.]+ ± [\d.]+ % │/);
    expect(output).toMatch(/│ logistic regression +│ C [\d.]+ +│ [\d.]+ ± [\d.]+ % │/);
    expect(output).toMatch(
      /take the (logistic regression|k-NN \(cosine\)|gradient-boosted trees) \((C|k|rounds) [\d.]+\): /,
    );
    expect(output).toMatch(/validation: the trained head [\d.]+ %, the /);
  });

  test.each([
    [
      ["--only", "logistics"],
      /expected some of logistic, .* for "--only" but got logistics\n {2}did you mean logistic\?/,
    ],
    [["--folds", "1"], /classify: expected a whole number from 2 for "--folds" but got 1/],
    [["--features", "none.arrow"], /classify: expected a file of features for "none.arrow" but got none/],
    [["--run", "other"], /expected a file of features for "artifacts\/runs\/other\/features.arrow"/],
  ])("refuses %j with one clear line", async (flags, message) => {
    const { status, output } = await pipeline(folder, "classify", ...flags);
    expect({ status, output }).toMatchObject({ status: 2, output: expect.stringMatching(message) as string });
  });

  test("refuses a file that is no feature file", async () => {
    const { status, output } = await pipeline(folder, "classify", "--features", "artifacts/features.npy");
    expect(status).toBe(4);
    expect(output).toMatch(/expected an Arrow IPC file/);
    expect(readFileSync(path.join(folder, "artifacts/features.npy")).subarray(1, 6).toString()).toBe("NUMPY");
  });

  test("stops at Ctrl-C", async () => {
    const { process, outcome, seen } = startPipeline(folder, "classify");
    await new Promise<void>((resolve) => {
      process.stderr?.on("data", () => {
        if (seen().includes("logistic regression")) resolve();
      });
    });
    process.kill("SIGINT");
    const { status, output } = await outcome;
    expect({ status, output }).toMatchObject({
      status: 130,
      output: expect.not.stringContaining("take the") as string,
    });
  });
});
