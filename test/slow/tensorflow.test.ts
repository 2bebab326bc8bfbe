import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { loadBackbone } from "../../shared/backbone/backbone.ts";
import { findBackbone } from "../../shared/backbone/backbones.ts";
import { engineNamed } from "../../shared/engine/engines.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import { randomFor } from "../../shared/random.ts";
import { onTensorflow, tensorflowIsThere } from "../shared/engine/tensorflow/installed.ts";
import { persistentFiles } from "../folder.ts";
import { startPipeline } from "./command-line.ts";

const at = persistentFiles();

describe.skipIf(!tensorflowIsThere)(onTensorflow, () => {
  it("gives EfficientNet-Lite0's logits as cpu does", async () => {
    const { graph } = await loadBackbone(await findBackbone("efficientnet-lite0"));
    const random = randomFor("tensorflow", "photos");
    const dims = [2, 3, 224, 224];
    const data = Float32Array.from({ length: 2 * 3 * 224 * 224 }, () => 2 * random() - 1);
    const logits = async (name: string) => {
      const session = await (await engineNamed(name, "cpu")).load(serializeModel(graph), { threads: 2 });
      const results = await session.run({ input: { type: "float32", dims, data } }, ["logits"]);
      await session.close();
      return Array.from(results["logits"]?.data ?? [], Number);
    };
    const [given, expected] = [await logits("tensorflow"), await logits("cpu")];
    expect(given).toHaveLength(2000);
    const largest = Math.max(...expected.map(Math.abs));
    for (const [i, number] of expected.entries())
      expect(Math.abs((given[i] ?? NaN) - number) / largest).toBeLessThan(1e-4);
  });

  it("that is there is not built again", async () => {
    mkdirSync(at("any"));
    const { status, output } = await startPipeline(at("any"), "setup", "tensorflow").outcome;
    expect(output).toMatch(/^setup: TensorFlow [\d.]+ is there: /m);
    expect(status).toBe(0);
  });
});

describe.skipIf(process.platform !== "linux")("setup tensorflow", () => {
  it("gives npm's own words where a package cannot be had, and leaves nothing behind", async () => {
    vi.stubEnv("XDG_CACHE_HOME", at("unreachable"));
    // A port that nothing listens on.
    vi.stubEnv("npm_config_registry", "http://127.0.0.1:9/");
    vi.stubEnv("npm_config_fetch_retries", "0");
    vi.stubEnv("npm_config_cache", at("empty"));
    mkdirSync(at("work"));
    const { status, output } = await startPipeline(at("work"), "setup", "tensorflow").outcome;
    vi.unstubAllEnvs();
    expect(output).toMatch(/^setup: expected success for "npm install .*ECONNREFUSED/ms);
    expect(status).toBe(5);
    expect(readdirSync(path.join(at("unreachable"), "image-finetune"))).toEqual([]);
  });
});
