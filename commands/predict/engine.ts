import type { EngineOn, EngineWish } from "../../plan/engines/choice.ts";
import { enginesOfThisMachine } from "../../plan/engines/machine.ts";
import type { Speaking } from "../command.ts";

/**
 * The engine that answers, chosen as for a stage that runs a network.
 *
 * @throws PipelineError `usage` or `engine` where what is wished for cannot be had
 */
export async function chosenEngine(
  wish: EngineWish,
  { progress, voice }: Pick<Speaking, "progress" | "voice">,
): Promise<EngineOn> {
  const predict = progress("predict");
  const engines = enginesOfThisMachine(predict);
  await engines.expect(wish);
  const { engine, device, reasons } = await engines.choose("forward", wish);
  if (voice.verbose || engine !== "cpu")
    predict.line(`on engine ${engine === device ? engine : `${engine} (${device})`}: ${reasons.join("; ")}`);
  return { engine, device };
}
