import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { optionsOf } from "../../plan/options.ts";
import { settingsOf } from "../../plan/settings.ts";
import { temporaryFolder } from "../folder.ts";
import { fakeStages } from "./fake-pipeline.ts";

const options = optionsOf(fakeStages({ photos: "", labels: "" }));

test("every field of a stage is an option with its default, its help and its owner", () => {
  expect(
    options.map(({ field, fallback, inKey, kind, stages }) => ({ field, fallback, inKey, kind, stages })),
  ).toEqual([
    { field: "data", fallback: "", inKey: false, kind: "string", stages: ["index"] },
    { field: "limit", fallback: 0, inKey: true, kind: "number", stages: ["index"] },
    { field: "views", fallback: 1, inKey: true, kind: "number", stages: ["embed"] },
    { field: "unfreeze", fallback: "0", inKey: true, kind: "string", stages: ["embed", "train"] },
    { field: "lr", fallback: 0.001, inKey: true, kind: "number", stages: ["train"] },
    { field: "head", fallback: "linear", inKey: true, kind: "string", stages: ["train"] },
    { field: "batch", fallback: 8, inKey: false, kind: "number", stages: ["train"] },
  ]);
  expect(options.find(({ field }) => field === "head")?.help).toBe("head (linear, mlp)");
});

test("flags win over the config file", async () => {
  const file = path.join(temporaryFolder(), "pipeline.config.ts");
  writeFileSync(file, "export default { lr: 0.01, views: 2 };\n");
  const settings = await settingsOf(options, { lr: "3e-4" }, file);
  expect(settings.get("lr")).toEqual({ value: 3e-4, origin: "--lr" });
  expect(settings.get("views")?.value).toBe(2);
});

test.each([
  [{ views: "many" }, /expected .*number.* for "--views" but got many/],
  [{ views: "0" }, /expected number to be >=1 for "--views" but got 0/],
  [{ views: "1.5" }, /expected a whole number for "--views" but got 1.5/],
  [{ head: "conv" }, /expected one of "linear"\|"mlp" for "--head" but got conv/],
])("a wrong value %j is an error that names the flag and what was expected", async (flags, message) => {
  await expect(settingsOf(options, flags, undefined)).rejects.toThrow(message);
});

test("an unknown field of the config file is an error that names the nearest", async () => {
  const file = path.join(temporaryFolder(), "pipeline.config.ts");
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "export default { vews: 2 };\n");
  await expect(settingsOf(options, {}, file)).rejects.toThrow(
    /"[^"]*: vews" but got an unknown one\n.*did you mean views/,
  );
});

test("a config file that is not there, or exports nothing, is an error", async () => {
  const file = path.join(temporaryFolder(), "empty.ts");
  await expect(settingsOf(options, {}, file)).rejects.toThrow(/expected a file/);
  writeFileSync(file, "export {};\n");
  await expect(settingsOf(options, {}, file)).rejects.toThrow(/expected export default defineConfig/);
});

test("the photos' folder counts from where the command is given", async () => {
  const settings = await settingsOf(options, { data: "./dogs" }, undefined);
  expect(settings.get("data")?.value).toBe(path.resolve("dogs"));
});
