import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Field, Schema, Utf8 } from "apache-arrow";
import { recordBatch, utf8Column, words } from "../../../shared/arrow/columns.ts";
import { createArrowFile } from "../../../shared/arrow/file.ts";
import { writeShard } from "../../../shared/arrow/shard.ts";
import type {
  Artifact,
  Checkpoints,
  FileRecord,
  Json,
  ShardRecord,
} from "../../../shared/artifacts/types.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Tensor } from "../../../shared/onnx/graph.ts";
import type { Progress } from "../../../shared/progress.ts";
import { randomFor } from "../../../shared/random.ts";
import type { StageContext, StageResult } from "../../../shared/stage.ts";
import { trainConfig, type TrainConfig } from "../../../stages/train/config.ts";
import { run } from "../../../stages/train/run.ts";
import { noCheckpoints } from "../checkpoints.ts";

/** A row of an index: photos of one name have the same bytes, and so the same features. */
interface ToyPhoto {
  photo: string;
  label: string | null;
  split: "train" | "validation" | "test" | null;
}

export interface ToySet {
  photos: readonly ToyPhoto[];
  /** of a photo in a view */
  featuresOf: (photo: string, view: number) => readonly number[];
  views: number;
  photosPerShard: number;
  /** what embed kept of them; left out: the pooled features */
  kept?: "pooled" | "block0" | "pixels";
}

/** What a backbone for the toys gives for each photo. */
export const toyFeatures = 8;

const classes = ["ant", "bee", "cat"];

/** Three classes, each a cloud of its own around a corner; every tenth photo validates. */
export function separableSet(photos: number, views = 2): ToySet {
  return {
    photos: Array.from({ length: photos }, (_, i) => ({
      photo: `photo ${i}`,
      label: classes[i % 3] as string,
      split: i % 10 === 0 ? ("validation" as const) : ("train" as const),
    })),
    featuresOf: (photo, view) => {
      const corner = Number(photo.split(" ")[1]) % 3;
      const random = randomFor(photo, view);
      return Array.from({ length: toyFeatures }, (_, f) => 5 + (f === corner ? 3 : 0) + random());
    },
    views,
    photosPerShard: 7,
  };
}

/** Trains on a toy set in a folder; returns the stage's result, what it printed and where its files are. */
export async function trainToy(
  folder: string,
  set: ToySet,
  given: Partial<TrainConfig> = {},
): Promise<{ result: StageResult; lines: string[]; file: (name: string) => string }> {
  const { context, lines, file } = await toyContext(folder, set, given);
  return { result: await run(context), lines, file };
}

export async function toyContext(
  folder: string,
  set: ToySet,
  given: Partial<TrainConfig> = {},
  checkpoints: Checkpoints = noCheckpoints,
) {
  const workspace = path.join(folder, "workspace");
  await mkdir(workspace, { recursive: true });
  const backbone = path.join(folder, "toy.onnx");
  await writeFile(backbone, toyBackbone());
  const lines: string[] = [];
  const progress: Progress = {
    line: (text) => void lines.push(text),
    bar: () => ({ advance: () => undefined, done: () => undefined }),
  };
  const context: StageContext<TrainConfig> = {
    config: trainConfig.parse({ backbone, engine: "cpu", device: "cpu", ...given }),
    key: "toy",
    source: null,
    inputs: {
      index: await toyIndex(folder, set),
      augment: await toyShards(folder, set, "pixels"),
      embed: await toyShards(folder, set, set.kept ?? "pooled"),
    },
    get shards(): never {
      throw new Error("train has no shards");
    },
    finished: () => Promise.reject(new Error("there are no other results")),
    defaults: {},
    checkpoints,
    workspace,
    cache: folder,
    workers: 1,
    part: null,
    progress,
    signal: new AbortController().signal,
  };
  return { context, lines, file: (name: string) => path.join(workspace, name) };
}

async function toyIndex(folder: string, { photos }: ToySet): Promise<Artifact> {
  const [labels, parts] = [words(0, classes), words(1, ["train", "validation", "test"])];
  const text = (name: string) => new Field(name, new Utf8());
  const schema = new Schema([
    text("id"),
    text("path"),
    labels.field("label"),
    parts.field("split"),
    text("sha256"),
  ]);
  const file = createArrowFile(path.join(folder, "index.arrow"), schema);
  const numbers = (list: readonly (string | null)[], names: readonly string[]) =>
    Int32Array.from(list, (name) => (name === null ? -1 : names.indexOf(name)));
  file.append(
    recordBatch(schema, [
      utf8Column(photos.map((_, i) => String(i))),
      utf8Column(photos.map(({ photo }) => photo)),
      labels.column(
        numbers(
          photos.map(({ label }) => label),
          classes,
        ),
      ),
      parts.column(
        numbers(
          photos.map(({ split }) => split),
          ["train", "validation", "test"],
        ),
      ),
      utf8Column(photos.map(({ photo }) => photo)),
    ]),
  );
  file.finish();
  await writeFile(path.join(folder, "labels.json"), JSON.stringify({ labels: classes }));
  return artifact(folder, [], {});
}

/** What embed can keep of a toy: a row's shape, and its numbers from the photo's eight features. */
const kinds = {
  pooled: { shape: [toyFeatures], rowOf: (features: readonly number[]) => features },
  // Every channel of the map is one feature, everywhere the same.
  block0: {
    shape: [toyFeatures, 4, 4],
    rowOf: (features: readonly number[]) => features.flatMap((x) => new Array<number>(16).fill(x)),
  },
  // Photos of one colour: the first three features are red, green and blue.
  pixels: {
    shape: [4, 4, 3],
    rowOf: (features: readonly number[]) =>
      new Array(16).fill(0).flatMap(() => features.slice(0, 3).map((x) => 25 * x)),
  },
} as const;

async function toyShards(folder: string, set: ToySet, node: keyof typeof kinds): Promise<Artifact> {
  const names = [...new Set(set.photos.map(({ photo }) => photo))];
  const views = Array.from({ length: set.views }, (_, view) => view);
  const shards: (FileRecord & ShardRecord)[] = [];
  const { shape, rowOf } = kinds[node];
  for (let first = 0; first < names.length; first += set.photosPerShard) {
    const photos = names.slice(first, first + set.photosPerShard);
    const name = node === "pixels" ? `pixels-${first}` : `shard-${first}`;
    const [column, type] =
      node === "pixels" ? (["pixels", "uint8"] as const) : (["activations", "float32"] as const);
    const digest = await writeShard(
      path.join(folder, name),
      { photos, views, column, type, shape },
      (view) => {
        const rows = photos.flatMap((photo) => rowOf(set.featuresOf(photo, view)));
        return type === "uint8" ? Uint8Array.from(rows) : Float32Array.from(rows);
      },
    );
    shards.push({ name, key: name, derivation: "toy", photos, views, ...digest });
  }
  const facts = {
    ...{ features: toyFeatures, shape: [...shape], node, side: 4, views: set.views },
    preprocessing: { resize: 5, crop: 4, interpolation: "bilinear" },
  };
  return artifact(folder, shards, facts);
}

function artifact(
  folder: string,
  shards: (FileRecord & ShardRecord)[],
  facts: Record<string, Json>,
): Artifact {
  const parts = { stage: "", version: 1, config: {}, inputs: {}, libraries: {}, source: null };
  return {
    manifest: { key: "toy", parts, config: {}, outputs: {}, results: {}, files: [], shards, facts },
    file: (name) => path.join(folder, name),
    shard: (key) => path.join(folder, key),
    shardRecords: () => Promise.resolve(shards),
    discardShard: (key) => rm(path.join(folder, key)),
  };
}

/** A network of a stem and two blocks, a pooling and a classifier: photos of 4 × 4 pixels, eight features. */
function toyBackbone(): Uint8Array {
  const constant = (name: string, dims: number[]): [string, Tensor] => {
    const random = randomFor("toy backbone", name);
    const size = dims.reduce((product, dim) => product * dim, 1);
    return [name, { type: "float32", dims, data: Float32Array.from({ length: size }, () => random() - 0.4) }];
  };
  const node = (op: string, inputs: string[], output: string, attributes = {}) => {
    return { op, name: output, inputs, outputs: [output], attributes };
  };
  return serializeModel({
    opset: 17,
    inputs: [{ name: "input", type: "float32", dims: ["n", 3, 4, 4] }],
    outputs: [{ name: "classes", type: "float32", dims: ["n", 5] }],
    nodes: [
      node("Conv", ["input", "stem.weight"], "stem"),
      node("Conv", ["stem", "block0.weight"], "block0.sum"),
      node("Relu", ["block0.sum"], "block0"),
      node("Conv", ["block0", "block1.weight"], "block1.sum"),
      node("Relu", ["block1.sum"], "block1"),
      node("GlobalAveragePool", ["block1"], "average"),
      node("Flatten", ["average"], "vector"),
      node("Gemm", ["vector", "matrix"], "classes"),
    ],
    initializers: new Map([
      constant("stem.weight", [toyFeatures, 3, 1, 1]),
      constant("block0.weight", [toyFeatures, toyFeatures, 1, 1]),
      constant("block1.weight", [toyFeatures, toyFeatures, 1, 1]),
      constant("matrix", [toyFeatures, 5]),
    ]),
    metadata: { blocks: JSON.stringify(["stem", "block0", "block1"]) },
  });
}
