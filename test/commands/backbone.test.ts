import { beforeAll, expect, it } from "vitest";
import { describeBackbone } from "../../commands/backbone.ts";
import { findBackbone } from "../../shared/backbone/backbones.ts";

let text = "";
beforeAll(async () => {
  ({ text } = await describeBackbone(await findBackbone("efficientnet-lite0")));
});

it("lists the blocks and nodes of the embedded backbone with shapes and parameters", () => {
  expect(text).toMatch(/^efficientnet-lite0, sha256 [0-9a-f]{64}$/m);
  expect(text).toMatch(/^block3 +1 × 40 × 28 × 28 +13,472 *$/m);
  expect(text).toMatch(/^ {2}block3\/depthwise\/conv +Conv +1 × 144 × 28 × 28 +3,600 *$/m);
  expect(text).toMatch(/^ {2}head\/clip → head +Clip +1 × 1280 × 7 × 7$/m);
  expect(text).toMatch(/^classifier → logits +Gemm +1 × 1000 +1,281,000 *$/m);
});

it("counts the parameters as PyTorch does: 4,652,008, running means and variances apart", () => {
  expect(text).toContain("143 nodes, 4,652,008 parameters; not counted: 42,016 running means and variances");
});

it("says what becomes of pixels, and from where that is known", async () => {
  expect(text).toMatch(
    /\(pixel - \[127, 127, 127\]\) \/ \[128, 128, 128\]: from the network's own metadata$/m,
  );
  const file = await findBackbone("efficientnet-lite0", undefined, { normalisation: "imagenet" });
  const given = await describeBackbone(file);
  expect(given.text).toMatch(/123\.675.*ImageNet's mean and deviation: given by --normalisation$/m);
  expect(given.text).toMatch(/note: its own metadata says otherwise/);
  expect(given.json).toMatchObject({ preprocessing: { source: "--normalisation" } });
});
