import { existsSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { checkTensorflowDevice } from "../../../../shared/engine/tensorflow/device.ts";
import { loadTensorflow } from "../../../../shared/engine/tensorflow/library.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("TensorFlow's device", () => {
  it.skipIf(existsSync("/dev/nvidia0") || existsSync("/dev/dxg"))(
    "gpu on a machine without one is a usage error that says what was looked for and what mends it",
    async () => {
      const check = checkTensorflowDevice("gpu");
      await expect(check).rejects.toMatchObject({ code: "usage" });
      await expect(check).rejects.toThrow(
        /^engine tensorflow: expected an NVIDIA GPU for "--device gpu" but got none: no \/dev\/nvidia0.*\n.*driver.*--device cpu/,
      );
    },
  );

  it("without the library is an error that names the command which builds it", async () => {
    vi.stubEnv("XDG_CACHE_HOME", "/nowhere");
    const hint = /^engine: expected TensorFlow's library.*\n {2}npx zx pipeline.ts setup tensorflow$/;
    const check = checkTensorflowDevice("cpu");
    await expect(check).rejects.toMatchObject({ code: "engine" });
    await expect(check).rejects.toThrow(hint);
    expect(() => loadTensorflow("cpu")).toThrow(hint);
  });
});
