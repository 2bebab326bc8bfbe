import type { Json } from "../../shared/artifacts/types.ts";
import type { Advice } from "./advice.ts";

/** What the config file is written from. */
export interface ConfigContents {
  /** as it is to be given: relative to where commands are given, or absolute */
  readonly data: string;
  /** what was found, a comment's line each */
  readonly remarks: readonly string[];
  /** what was given on how the folder is to be read, by field */
  readonly reading: Readonly<Record<string, Json>>;
  readonly advice: Advice;
  /** whether classes differ so much in size that they should count the same */
  readonly imbalanced: boolean;
  /** the module of `defineConfig`, as the file imports it */
  readonly module: string;
}

/**
 * The text of `pipeline.config.ts`: what is advised, and beside it, out of force, what else there
 * is to try.
 */
export function configFile({ data, remarks, reading, advice, imbalanced, module }: ConfigContents): string {
  const { unfreeze, why } = advice;
  const viewFields = ["views: 2,", 'scale: "0.25,1",', "rotation: 15,"];
  const lines = [
    ...remarks.map((remark) => `// ${remark.replaceAll(/\s+/g, " ")}`),
    `import { defineConfig } from ${JSON.stringify(module)};`,
    "",
    "export default defineConfig({",
    `  data: ${JSON.stringify(data)},`,
    ...Object.entries(reading).map(([field, value]) => `  ${field}: ${JSON.stringify(value)},`),
    "",
    `  // ${why}.`,
    '  // A number of blocks, "all", or the name of a block that npx zx pipeline.ts backbone lists.',
    `  unfreeze: "${unfreeze}",`,
    "",
    "  // Random views of each photo beside the clean one: worth their time once blocks are unfrozen.",
    ...viewFields.map((field) => (unfreeze === 0 ? `  // ${field}` : `  ${field}`)),
    "",
    "  // Classes that differ much in size: each counts the same, and the epoch is kept that is best over classes.",
    ...['classWeights: "balanced",', 'best: "macro-f1",'].map((field) =>
      imbalanced ? `  ${field}` : `  // ${field}`,
    ),
    "",
    "  // The learning rate: npx zx pipeline.ts train --lr find plots the loss over it.",
    "  // lr: 2e-3,",
    "",
    "  // Another pretrained network: resnet18 to resnet152, or the path of an ONNX file.",
    '  // backbone: "resnet50",',
    "",
    "  // Every other field: npx zx pipeline.ts train --help (--label-smoothing is labelSmoothing here).",
    "});",
  ];
  return `${lines.join("\n")}\n`;
}
