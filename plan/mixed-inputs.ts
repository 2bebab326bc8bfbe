import type { Manifest } from "../shared/artifacts/types.ts";
import { unexpected } from "../shared/errors.ts";
import type { Stage } from "../shared/stage.ts";
import type { PlannedStage } from "./plan.ts";

/**
 * A classifier trained on other features than those that are exported with it would be wrong
 * without a sign.
 */
export function refuseMixedInputs(
  target: Stage,
  input: string,
  manifests: Readonly<Record<string, Manifest>>,
): void {
  const manifest = manifests[input];
  for (const [name, key] of Object.entries(manifest?.parts.inputs ?? {})) {
    const [stage = name, output] = name.split(".");
    const other = manifests[stage];
    const now = output === undefined ? other?.key : other?.outputs[output];
    if (now === undefined || now === key) continue;
    throw unexpected("artifact", {
      where: target.name,
      expected: `a ${input} made from this run's ${stage}`,
      subject: manifest?.key.slice(0, 12) ?? input,
      got: `one made before ${stage} changed`,
      hint: `run npx zx pipeline.ts ${input} first, or all`,
    });
  }
}

/**
 * A head trained on what one network gave would be wrong without a sign behind another, or behind
 * other pixels.
 */
export function refuseOtherBackbone(
  { stage, parts }: PlannedStage,
  input: string,
  read: Manifest | undefined,
): void {
  const [now, before] = [parts.inputs["backbone"], read?.parts.inputs["backbone"]];
  // Of a network that is not built yet there is no digest.
  if (before === undefined || now === undefined || now === before || !/^[0-9a-f]{64}$/.test(now)) return;
  throw unexpected("artifact", {
    where: stage.name,
    expected: `a ${input} made with the backbone as it is now`,
    subject: read?.key.slice(0, 12) ?? input,
    got: "one made before its file, or what lies beside it, changed",
    hint: `run npx zx pipeline.ts ${input} first, or all`,
  });
}
