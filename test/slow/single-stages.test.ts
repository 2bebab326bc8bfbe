import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { persistentFolder } from "../folder.ts";
import { fewDogs, hasSharedPhotos, pipeline, shardTimes } from "./command-line.ts";

/** Words that status prints, by stage: "fresh", "stale", and the reason. */
function statusLines(output: string): Record<string, string> {
  const rows = output.split("\n").filter((line) => line.includes("│"));
  const cells = rows.map((line) => line.split("│").map((cell) => cell.trim()));
  return Object.fromEntries(
    cells.map(([, stage = "", state = "", , , , why = ""]) => [stage, `${state} ${why}`.trim()]),
  );
}

describe.skipIf(!hasSharedPhotos)("single stages on real dogs", () => {
  const folder = persistentFolder();
  const data = path.join(folder, "dogs");
  const ran = (output: string) =>
    [...output.matchAll(/^pipeline: (\w+): \w+ is there, nothing to do/gm)].map(([, stage]) => stage);
  const shards = (stage: string) => shardTimes(folder, stage, (file) => statSync(file).mtimeMs);

  beforeAll(async () => {
    fewDogs(data, 200);
    const { status, output } = await pipeline(folder, "all", "--data", data, "--epochs", "3");
    expect(output).toContain("export");
    expect(status).toBe(0);
  });

  test("a second all does nothing", async () => {
    const { status, output } = await pipeline(folder, "all", "--epochs", "3");
    expect(status).toBe(0);
    expect(ran(output)).toEqual(["index", "augment", "embed", "train", "export", "report"]);
    expect(statusLines((await pipeline(folder, "status")).output)).toMatchObject({
      index: "fresh",
      augment: "fresh",
      embed: "fresh",
      train: "fresh",
      export: "fresh",
    });
  });

  test("train with another rate reruns train only, and export alone then follows it", async () => {
    const before = readFileSync(path.join(folder, "artifacts/features.arrow"));
    const refused = await pipeline(folder, "export", "--lr", "3e-4");
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.output).toMatch(
      /export: expected what train ran with .* for "--lr" but got 0.0003\n.*train --lr 0.0003/,
    );

    const trained = await pipeline(folder, "train", "--lr", "3e-4", "--epochs", "3");
    expect(trained.status).toBe(0);
    expect(trained.output).not.toMatch(/^(index|augment|embed|export): /m);
    expect(statusLines((await pipeline(folder, "status")).output)).toMatchObject({
      embed: "fresh",
      train: "fresh",
      export: "stale train changed",
    });

    const exported = await pipeline(folder, "export");
    expect(exported.status).toBe(0);
    expect(exported.output).not.toMatch(/^(index|augment|embed|train): /m);
    expect(readFileSync(path.join(folder, "artifacts/features.arrow")).equals(before)).toBe(false);
    expect(statusLines((await pipeline(folder, "status")).output)).toMatchObject({ export: "fresh" });
  });

  test("a corrected label reruns index, train and export, but no pixel and no embedding", async () => {
    const labels = path.join(data, "labels.csv");
    const text = readFileSync(labels, "utf8");
    writeFileSync(
      labels,
      text.replace(
        /,(\w+)(\n?)$/,
        (_, breed: string, end: string) =>
          `,${breed === "entlebucher" ? "maltese_dog" : "entlebucher"}${end}`,
      ),
    );
    expect(statusLines((await pipeline(folder, "status")).output)).toMatchObject({
      index: expect.stringMatching(/^stale .*labels changed/) as string,
      augment: "fresh",
      embed: "fresh",
      train: "stale index.labels changed",
      export: expect.stringMatching(/^stale .*index.labels changed/) as string,
    });
    const pixels = shards("augment");
    const activations = shards("embed");
    const { status, output } = await pipeline(folder, "all", "--epochs", "3");
    expect(status).toBe(0);
    expect(ran(output)).toEqual(["augment", "embed"]);
    expect(shards("augment")).toEqual(pixels);
    expect(shards("embed")).toEqual(activations);
  });

  test("added photos cost exactly their own views", async () => {
    const added = 24;
    fewDogs(data, 200 + added);
    const { status, output } = await pipeline(folder, "all", "--epochs", "3");
    expect(status).toBe(0);
    const total = readdirSync(path.join(data, "train")).length;
    const manifestViews = 2;
    expect(output).toContain(
      `warped ${added * manifestViews} views, copied ${(total - added) * manifestViews}`,
    );
    expect(output).toContain(
      `computed ${added * manifestViews} views, copied ${(total - added) * manifestViews}`,
    );
    expect(output).toMatch(/pipeline: index: runs again, since .*photos changed/);
  });

  test("a flag that nobody knows is an error that names the nearest", async () => {
    const { status, output } = await pipeline(folder, "all", "--vews", "2");
    expect(status).toBe(2);
    expect(output).toMatch(
      /^pipeline: expected a flag that it knows for "--vews" but got an unknown one\n {2}did you mean --views\?/m,
    );
    expect(output).not.toMatch(/^ +at /m);
  });
});
