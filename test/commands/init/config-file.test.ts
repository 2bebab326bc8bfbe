import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { adviceFor } from "../../../commands/init/advice.ts";
import { configFile } from "../../../commands/init/config-file.ts";
import { optionsOf } from "../../../plan/options.ts";
import { settingsOf } from "../../../plan/settings.ts";
import { stages } from "../../../stages/stages.ts";
import { temporaryFolder } from "../../folder.ts";

const module = pathToFileURL(path.resolve(import.meta.dirname, "../../../plan/config.ts")).href;

/** What a later command reads out of the file. */
async function read(photos: number, imbalanced: boolean, data: string, uncommented = false) {
  const advice = adviceFor({ photos, confidence: 0.5 });
  const text = configFile({
    ...{ data, remarks: ["classes: 2"], reading: { layout: "class-folders" }, advice, imbalanced, module },
  });
  const file = path.join(temporaryFolder(), "pipeline.config.ts");
  writeFileSync(file, uncommented ? text.replaceAll(/^ {2}\/\/ (\w+: .*,)$/gm, "  $1") : text);
  const settings = await settingsOf(optionsOf(stages), {}, file);
  return Object.fromEntries([...settings].map(([field, { value }]) => [field, value]));
}

test("the file is read as it was meant, whatever is in the folder's name", async () => {
  const data = '/photos/"Käse" & \\ 帽子';
  expect(await read(100, false, data)).toEqual({ data, layout: "class-folders", unfreeze: "0" });
  expect(await read(5000, true, data)).toEqual({
    ...{ data, layout: "class-folders", unfreeze: "2", views: 2, scale: "0.25,1", rotation: 15 },
    ...{ classWeights: "balanced", best: "macro-f1" },
  });
});

test("what stands in it out of force can be put into force", async () => {
  expect(await read(100, false, "/photos", true)).toMatchObject({
    ...{ views: 2, rotation: 15, classWeights: "balanced", lr: 2e-3, backbone: "resnet50" },
  });
});
