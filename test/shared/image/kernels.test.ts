import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import loadWabt from "wabt";

test("the kernels' binary is what their text assembles to", async () => {
  const file = (name: string) => new URL(`../../../shared/image/${name}`, import.meta.url);
  const wabt = await loadWabt();
  const module = wabt.parseWat("kernels.wat", readFileSync(file("kernels.wat"), "utf8"), { simd: true });
  const { buffer } = module.toBinary({});
  module.destroy();
  expect(Buffer.from(buffer).equals(readFileSync(file("kernels.wasm")))).toBe(true);
});
