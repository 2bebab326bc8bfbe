import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { publishedWeights } from "../../../shared/backbone/published-weights.ts";
import type { Progress } from "../../../shared/progress.ts";
import { persistentFiles } from "../../folder.ts";
import { weightsServer } from "./weights-server.ts";

const at = persistentFiles();
const first = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31 + (i >> 9)) % 256);
const second = first.toReversed();
let bytes = first;
const server = await weightsServer(() => bytes);

let folder = "";
let lines: string[] = [];
const bar = () => ({ advance: () => undefined, done: () => undefined });
const progress: Progress = { line: (text) => void lines.push(text), bar };

beforeEach(({ task }) => {
  vi.stubEnv("HF_ENDPOINT", `${server.address}/`);
  folder = at(task.id);
  lines = [];
  server.requests.length = 0;
  for (const name of Object.keys(server.behaviour)) Reflect.deleteProperty(server.behaviour, name);
  bytes = first;
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function fetched(name = "resnet34", signal = new AbortController().signal) {
  return publishedWeights(name, folder, { progress, signal });
}

function sha256(data: Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function file(name = ""): string {
  return join(folder, `resnet34.safetensors${name}`);
}

/** What an earlier call left of the weights. */
function left(ending: string, count: number, etag = '"one"'): void {
  mkdirSync(file(ending), { recursive: true });
  writeFileSync(join(file(ending), "bytes"), bytes.subarray(0, count));
  const description = { validator: etag, total: bytes.length };
  writeFileSync(join(file(ending), "description.json"), JSON.stringify(description));
}

describe("the published weights", () => {
  it("are fetched once, their size said before and their digest recorded beside them", async () => {
    const weights = await fetched();
    expect(weights).toEqual({ path: file(), sha256: sha256(bytes) });
    expect(readFileSync(file()).equals(bytes)).toBe(true);
    expect(readFileSync(file(".sha256"), "utf8")).toBe(`${sha256(bytes)}  resnet34.safetensors\n`);
    expect(lines).toEqual([
      `fetching resnet34's weights, 3.0 MB, from ${server.address}/timm/resnet34.tv_in1k/resolve/main/model.safetensors`,
    ]);
    expect(await fetched()).toEqual(weights);
    expect(server.requests).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(["resnet34.safetensors", "resnet34.safetensors.sha256"]);
  });

  it("go on where a connection was cut", async () => {
    server.behaviour.cutAfter = 1_200_000;
    await fetched();
    expect(readFileSync(file()).equals(bytes)).toBe(true);
    const [whole, ...parts] = server.requests;
    expect(whole?.range).toBeUndefined();
    expect(parts.length).toBeGreaterThanOrEqual(2);
    for (const { range, ifRange } of parts)
      expect([range, ifRange]).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/), '"one"']);
    expect(lines.filter((line) => line.startsWith("the connection was cut"))).toHaveLength(parts.length);
  });

  it("go on where a stopped call left them, the rest of its partial file taken", async () => {
    const controller = new AbortController();
    Object.assign(server.behaviour, { cutAfter: 1_000_000 });
    server.behaviour.onAnswer = () => {
      if (server.requests.length === 2) controller.abort();
    };
    await expect(fetched("resnet34", controller.signal)).rejects.toMatchObject({ code: "interrupted" });
    expect(readdirSync(folder)).toEqual(["resnet34.safetensors.partial"]);
    const { size } = statSync(join(file(".partial"), "bytes"));
    delete server.behaviour.cutAfter;
    await fetched();
    expect(server.requests.at(-1)?.range).toBe(`bytes=${size}-`);
    expect(readFileSync(file()).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it("go on where a killed process left them, but not where one of this or another machine may be at work", async () => {
    // Beyond the largest process id of Linux and macOS.
    const id = "00000000-0000-4000-8000-000000000000";
    const [dead, living, foreign] = [
      `.${hostname()}.99999999.${id}.partial`,
      `.${hostname()}.1.${id}.partial`,
      `.else.99999999.${id}.partial`,
    ];
    left(living, 3);
    left(foreign, 2);
    left(dead, 1_500_000);
    await fetched();
    expect(server.requests.map(({ range }) => range)).toEqual(["bytes=1500000-"]);
    expect([dead, living, foreign].map((ending) => existsSync(file(ending)))).toEqual([false, true, true]);
    expect(readFileSync(file()).equals(bytes)).toBe(true);
  });

  it("are all there where a process was killed between the last byte and the name", async () => {
    left(".partial", bytes.length);
    expect((await fetched()).sha256).toBe(sha256(bytes));
    expect(server.requests).toEqual([]);
  });

  it.each([
    ["another file stands at the address", { etag: '"two"' }],
    ["the server sends no parts", { ranges: false }],
  ])("begin anew where %s", async (_, behaviour) => {
    left(".partial", 1_500_000);
    bytes = second;
    Object.assign(server.behaviour, behaviour);
    await fetched();
    expect(server.requests).toHaveLength(1);
    expect(readFileSync(file()).equals(bytes)).toBe(true);
  });

  it("are fetched by two at a time without harm to each other", async () => {
    const both = await Promise.all([fetched(), fetched()]);
    expect(both[0]).toEqual(both[1]);
    expect(readFileSync(file()).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toHaveLength(2);
  });
});

describe("weights that cannot be had", () => {
  it("are one error with the status, and leave nothing", async () => {
    server.behaviour.status = 404;
    await expect(fetched()).rejects.toMatchObject({
      code: "engine",
      message: expect.stringMatching(
        /^backbone: expected resnet34's weights for "http.*model.safetensors" but got HTTP 404 Not Found\n {2}give the weights as a file: --weights FILE/,
      ) as string,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("are one error with the reason where nobody answers", async () => {
    // A port that nothing listens on.
    vi.stubEnv("HF_ENDPOINT", "http://127.0.0.1:9");
    await expect(fetched()).rejects.toThrow(/but got .*(ECONNREFUSED|bad port).*\n {2}.*--weights FILE/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("are an error, not an endless loop, where every connection is cut and none can be gone on with", async () => {
    Object.assign(server.behaviour, { cutAfter: 1_000_000, etag: null });
    await expect(fetched()).rejects.toThrow(
      /but got (other side closed|terminated|.*aborted|.*ECONNRESET).*\n.*--weights FILE/,
    );
    expect(server.requests).toHaveLength(1);
  });

  it("are refused where their digest is not the recorded one, which stays", async () => {
    const { sha256: recorded } = await fetched();
    rmSync(file());
    bytes = second;
    await expect(fetched()).rejects.toMatchObject({
      code: "artifact",
      message: expect.stringContaining(`expected sha256 ${recorded}`) as string,
    });
    expect(readdirSync(folder)).toEqual(["resnet34.safetensors.sha256"]);
  });

  it("are refused at the first fetch where their digest is known and another", async () => {
    await expect(fetched("resnet50")).rejects.toThrow(
      /expected sha256 5d061a3c.* but got [0-9a-f]{64}\n.*--weights/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it("are one error where the cache cannot be written", async () => {
    writeFileSync(folder, "a file");
    await expect(fetched()).rejects.toMatchObject({
      code: "engine",
      message: expect.stringMatching(/a cache folder that can be written.*XDG_CACHE_HOME/s) as string,
    });
  });
});
