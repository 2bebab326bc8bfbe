import type { Json, KeyParts } from "../shared/artifacts/types.ts";
import type { Part } from "../shared/part.ts";

/** What the pipeline tells the process of a stage: all that it needs to know, as JSON. */
export interface Order {
  readonly key: string;
  readonly parts: KeyParts;
  readonly config: Readonly<Record<string, Json>>;
  /** keys of the stage's named outputs */
  readonly outputs: Readonly<Record<string, string>>;
  /** keys of the results it reads, by stage */
  readonly results: Readonly<Record<string, string>>;
  /** the folder of the artifacts */
  readonly root: string;
  readonly workers: number;
  readonly part: Part | null;
}
