import { expect, test } from "vitest";
import type { EngineOn } from "../../../plan/engines/choice.ts";
import type { Engines } from "../../../plan/engines/resolve.ts";
import { planAll, planAlone } from "../../../plan/plans.ts";
import { deviceOption, engineOption } from "../../../shared/options.ts";
import type { Stage } from "../../../shared/stage.ts";
import { temporaryFolder } from "../../folder.ts";
import { fakeStages, finishAll, placeIn, requestFor } from "../fake-pipeline.ts";

/** The fake pipeline, its last two stages with an engine. */
function stagesWithEngines(): readonly Stage[] {
  const fields = { engine: engineOption, device: deviceOption };
  return fakeStages({ photos: "p", labels: "l" }).map((stage) =>
    stage.name === "index" ? stage : { ...stage, config: stage.config.extend(fields) },
  );
}

/** A machine that picks one engine for everything, and counts how often it is asked to. */
function machine(picks: EngineOn, version = "1") {
  const asked: string[] = [];
  const engines: Engines = {
    expect: () => Promise.resolve(),
    choose(purpose, { engine }) {
      asked.push(purpose);
      return Promise.resolve(
        engine === "auto" ? { ...picks, reasons: [] } : { engine, device: "cpu", reasons: [] },
      );
    },
    library: ({ engine }) => Promise.resolve({ [`library of ${engine}`]: version }),
  };
  return { engines, asked };
}

const cpu: EngineOn = { engine: "cpu", device: "cpu" };
const webgpu: EngineOn = { engine: "webgpu", device: "gpu" };

test("keys and configs hold the concrete engine and its library's version", async () => {
  const { engines, asked } = machine(webgpu);
  const plan = await planAll(requestFor(stagesWithEngines()), placeIn(temporaryFolder(), "default", engines));
  expect(asked).toEqual(["forward", "training"]);
  expect(plan[1]?.parts.config).toMatchObject(webgpu);
  expect(plan[1]?.config).toMatchObject(webgpu);
  expect(plan[1]?.parts.libraries).toMatchObject({ "library of webgpu": "1" });
  expect(plan[1]?.engine).toMatchObject(webgpu);
});

test("auto takes what another engine has made, and looks for none", async () => {
  const [folder, stages] = [temporaryFolder(), stagesWithEngines()];
  const place = placeIn(folder, "default", machine(cpu).engines);
  await finishAll(await planAll(requestFor(stages), place), place);
  const { engines, asked } = machine(webgpu);
  const plan = await planAll(requestFor(stages), placeIn(folder, "default", engines));
  expect(plan.map(({ state }) => state)).toEqual(["done", "done", "done"]);
  expect(plan[2]?.config).toMatchObject(cpu);
  expect(asked).toEqual([]);
});

test("a stage that has to run anew takes the engine that is picked, and leaves the others as they are", async () => {
  const [folder, stages] = [temporaryFolder(), stagesWithEngines()];
  const place = placeIn(folder, "default", machine(cpu).engines);
  await finishAll(await planAll(requestFor(stages), place), place);
  const { engines, asked } = machine(webgpu);
  const plan = await planAll(requestFor(stages, { lr: 0.1 }), placeIn(folder, "default", engines));
  expect(plan.map(({ state }) => state)).toEqual(["done", "done", "stale"]);
  expect(plan[2]?.config).toMatchObject(webgpu);
  expect(asked).toEqual(["training"]);
});

test("an engine, a device or a library that the result was not made with makes it stale", async () => {
  const [folder, stages] = [temporaryFolder(), stagesWithEngines()];
  const place = placeIn(folder, "default", machine(webgpu).engines);
  await finishAll(await planAll(requestFor(stages), place), place);
  const states = async (flags: Record<string, string>, version?: string) => {
    const plan = await planAll(
      requestFor(stages, flags),
      placeIn(folder, "default", machine(cpu, version).engines),
    );
    return plan.map(({ state }) => state);
  };
  expect(await states({})).toEqual(["done", "done", "done"]);
  expect(await states({ engine: "cpu" })).toEqual(["done", "stale", "stale"]);
  expect(await states({ device: "cpu" })).toEqual(["done", "stale", "stale"]);
  expect(await states({}, "2")).toEqual(["done", "stale", "stale"]);
});

test("one stage alone may have another engine than the one before it", async () => {
  const [folder, stages] = [temporaryFolder(), stagesWithEngines()];
  const place = placeIn(folder, "default", machine(webgpu).engines);
  await finishAll(await planAll(requestFor(stages), place), place);
  const train = stages[2] as Stage;
  const alone = await planAlone(train, requestFor(stages, { engine: "cpu" }), place, []);
  expect(alone.config).toMatchObject(cpu);
  expect(alone.reasons).toEqual([
    "device: gpu → cpu",
    "engine: webgpu → cpu",
    "library of cpu unset → 1",
    "library of webgpu 1 → unset",
  ]);
});

test("a key on cpu does not depend on what else there is", async () => {
  const stages = stagesWithEngines();
  const keys = async (engines: Engines, flags: Record<string, string>) =>
    (await planAll(requestFor(stages, flags), placeIn(temporaryFolder(), "default", engines))).map(
      ({ key }) => key,
    );
  expect(await keys(machine(webgpu).engines, { engine: "cpu" })).toEqual(
    await keys(machine(cpu).engines, {}),
  );
});
