/**
 * Says what the trained model sees in photos:
 *
 *     npx tsx examples/predict.ts artifacts/model.onnx photo.jpg another.jpg
 */
import { Predictor } from "../api.ts";

const [model = "artifacts/model.onnx", ...photos] = process.argv.slice(2);

const predictor = await Predictor.load(model);
for await (const { photo, prediction, error } of predictor.predictMany(photos)) {
  if (prediction === undefined) {
    console.log(`${photo}: ${error.message}`);
    continue;
  }
  const likeliest = prediction.probabilities
    .slice(0, 3)
    .map(({ label, probability }) => `${label} ${(100 * probability).toFixed(1)} %`);
  console.log(`${photo}: ${likeliest.join(", ")}`);
}
await predictor.close();
