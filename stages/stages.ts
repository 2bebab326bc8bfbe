import type { z } from "zod";
import type { Stage } from "../shared/stage.ts";
import { augment } from "./augment/stage.ts";
import { embed } from "./embed/stage.ts";
import { exportStage } from "./export/stage.ts";
import { index } from "./index/stage.ts";
import { report } from "./report/stage.ts";
import { train } from "./train/stage.ts";

/** The graph of stages, in the order in which data flows: every input of a stage is an output of one before it. */
export const stages: readonly Stage[] = [index, augment, embed, train, exportStage, report];

/** Every field that some stage's config has; all may be left out. */
export type StagesConfig = Partial<
  z.input<typeof index.config> &
    z.input<typeof augment.config> &
    z.input<typeof embed.config> &
    z.input<typeof train.config> &
    z.input<typeof exportStage.config> &
    z.input<typeof report.config>
>;
