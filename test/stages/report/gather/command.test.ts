import { expect, it } from "vitest";
import type { Json, Manifest } from "../../../../shared/artifacts/types.ts";
import { repeatingCommand, settingsBeside } from "../../../../stages/report/gather/command.ts";

const defaults = { data: "", views: 1, engine: "auto", device: "auto", lr: null, labelSmoothing: 0 };

function manifest(stage: string, config: Record<string, Json>): Manifest {
  const parts = { stage, version: 1, config: {}, inputs: {}, libraries: {}, source: null };
  return { key: stage, parts, config, outputs: {}, results: {}, files: [], shards: [], facts: {} };
}

it("repeats what was given, and nothing that was left at its default", () => {
  const settings = settingsBeside(defaults, [
    manifest("index", { data: "/photos/my dogs" }),
    manifest("augment", { data: "/photos/my dogs", views: 1 }),
    manifest("train", { engine: "cpu", device: "cpu", lr: 3e-4, labelSmoothing: 0.1 }),
  ]);
  expect(repeatingCommand(settings, "/elsewhere")).toBe(
    "npx zx pipeline.ts all --data '/photos/my dogs' --engine cpu --device cpu --lr 0.0003 --label-smoothing 0.1",
  );
  expect(repeatingCommand(settings, "/photos")).toContain("--data 'my dogs'");
});

it("leaves the engine out where stages had different ones, as no one flag says that", () => {
  const settings = settingsBeside(defaults, [
    manifest("embed", { engine: "cpu", device: "cpu" }),
    manifest("train", { engine: "tensorflow", device: "cpu" }),
  ]);
  expect(repeatingCommand(settings, "/")).toBe("npx zx pipeline.ts all --device cpu");
  expect(settings.filter(({ field }) => field === "engine")).toHaveLength(2);
});

it("quotes what a shell would read otherwise", () => {
  const settings = settingsBeside(defaults, [manifest("index", { data: "/it's $HOME" })]);
  expect(repeatingCommand(settings, "/elsewhere")).toContain(`--data '/it'\\''s $HOME'`);
});
