/**
 * Trains on a folder of labelled photos, then asks the model about another photo:
 *
 *     npx tsx examples/train-and-predict.ts ./dogs rex.jpg
 */
import { fileOf, PipelineError, Predictor, run } from "../api.ts";

const [data, photo] = process.argv.slice(2);
if (data === undefined || photo === undefined)
  throw new Error("usage: npx tsx examples/train-and-predict.ts FOLDER PHOTO");

try {
  // What is there already from an earlier run is not made again.
  const { train } = await run("all", { data, epochs: 10 }, { onProgress: console.error });
  console.log(`validation accuracy: ${(100 * Number(train.facts["accuracy"])).toFixed(1)} %`);

  const predictor = await Predictor.load(fileOf(train, "model.onnx"));
  const { label, probability } = await predictor.predict(photo, { tta: "flip" });
  console.log(`${photo}: ${label}, ${(100 * probability).toFixed(1)} %`);
  await predictor.close();
} catch (error) {
  if (!(error instanceof PipelineError)) throw error;
  console.error(error.message); // what was wrong, and what mends it
  process.exitCode = error.exitStatus;
}
