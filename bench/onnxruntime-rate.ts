import { readFile } from "node:fs/promises";
import path from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { limitsHere } from "../shared/limits.ts";

/** Batches tried: the best counts, so that onnxruntime is held to no batch that suits it badly. */
const batches = [1, 4, 8, 16, 32];
const secondsEach = 4;

/**
 * onnxruntime's own rate on the embedded model, photos a second: the file as it is, floats in, all
 * cores of the machine in one session with its defaults, nothing around it.
 */
export async function onnxruntimeRate(): Promise<number> {
  const model = await readFile(path.resolve(import.meta.dirname, "../models/efficientnet-lite0.onnx"));
  const session = await InferenceSession.create(model, { intraOpNumThreads: limitsHere().usable });
  const [input = ""] = session.inputNames;
  let best = 0;
  for (const batch of batches) {
    const pixels = Float32Array.from(
      { length: batch * 3 * 224 * 224 },
      (_, i) => ((i * 7919) % 255) / 127.5 - 1,
    );
    const feeds = { [input]: new Tensor("float32", pixels, [batch, 3, 224, 224]) };
    await session.run(feeds);
    let photos = 0;
    const started = performance.now();
    while (performance.now() - started < secondsEach * 1000) {
      await session.run(feeds);
      photos += batch;
    }
    best = Math.max(best, (photos * 1000) / (performance.now() - started));
  }
  await session.release();
  return best;
}
