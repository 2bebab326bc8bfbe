import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseModel } from "../../../shared/onnx/file.ts";
import type { Graph } from "../../../shared/onnx/graph.ts";
import { digestModel, readModel } from "../../../shared/onnx/read-model.ts";
import { temporaryFolder } from "../../folder.ts";
import { conv, network, weight } from "../backbone/networks.ts";
import { withExternalData } from "./external.ts";

const graph: Graph = network([conv(5), ["GlobalAveragePool"], ["Flatten"], ["Gemm", [weight(5, 10)]]]);

/**
 * A model in a folder of its own, which names `location`; the bytes of that are written to `file`.
 */
function written(location: string, file: string | null = location) {
  const folder = path.join(temporaryFolder(), "network");
  mkdirSync(folder);
  const { model, data } = withExternalData(graph, location);
  const at = path.join(folder, "network.onnx");
  writeFileSync(at, model);
  if (file !== null) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), data);
  }
  return { folder, at, model, data, digest: () => digestModel(at, model) };
}

describe("weights in a file beside the model", () => {
  it("are read as if they were inside", async () => {
    expect(await readModel(written("network.onnx.data").at)).toEqual(graph);
    expect(await readModel(written("weights/all.bin").at)).toEqual(graph);
  });

  it("are not asked for where only the model's bytes are there", () => {
    expect(() => parseModel(written("network.onnx.data").model)).toThrow(
      /inside the model file.*save_as_ext/s,
    );
  });

  it("are part of the model's digest, as the model is, whatever the model is called", async () => {
    const { folder, at, model, data, digest } = written("network.onnx.data");
    const { sha256 } = await digest();
    const moved = path.join(folder, "other.onnx");
    renameSync(at, moved);
    expect((await digestModel(moved, model)).sha256).toBe(sha256);
    const other = Uint8Array.from(data, (byte, i) => (i === 7 ? byte ^ 1 : byte));
    writeFileSync(path.join(folder, "network.onnx.data"), other);
    expect((await digestModel(moved, model)).sha256).not.toBe(sha256);
  });

  it("may be reached through a link within the model's folder", async () => {
    const { folder, at } = written("linked.data", "network.data");
    symlinkSync("network.data", path.join(folder, "linked.data"));
    expect(await readModel(at)).toEqual(graph);
  });

  it.each([
    ["leads upwards", "../secret.data"],
    ["leads upwards on the way", "a/../../secret.data"],
    ["leads upwards as on Windows", "a\\..\\..\\secret.data"],
    ["is absolute", "/etc/hostname"],
    ["is absolute as on Windows", "C:\\secret.data"],
  ])("are refused, the place named, where it %s", async (_, location) => {
    const { at, digest } = written(location, null);
    const message = `expected weights in the model's own folder for "${at}" but got external data in ${location}`;
    await expect(digest()).rejects.toThrow(message);
    await expect(readModel(at)).rejects.toThrow(message);
  });

  it("are refused where a link leads out of the folder", async () => {
    const { folder, at, data, digest } = written("network.data", null);
    const outside = path.join(path.dirname(folder), "outside.data");
    writeFileSync(outside, data);
    symlinkSync(outside, path.join(folder, "network.data"));
    await expect(digest()).rejects.toThrow(
      /own folder for ".*network\.data" but got a link to .*outside\.data/,
    );
    await expect(readModel(at)).rejects.toThrow(/a link to/);
  });

  it("are named where they are missing, with two ways out", async () => {
    const { at, digest } = written("network.data", null);
    const message =
      /external data of network\.onnx.*network\.data" but got no such file\n {2}copy network\.data beside network\.onnx, or .*onnx\.save\(onnx\.load\("network\.onnx"\)/;
    await expect(digest()).rejects.toThrow(message);
    await expect(readModel(at)).rejects.toThrow(message);
  });

  it("are named where they are cut short", async () => {
    const { folder, at, data, digest } = written("network.data");
    writeFileSync(path.join(folder, "network.data"), data.subarray(0, data.length - 4));
    const message = `expected at least ${data.length} bytes of external data`;
    await expect(digest()).rejects.toThrow(message);
    await expect(readModel(at)).rejects.toThrow(message);
  });
});
