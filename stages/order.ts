import type { Json, KeyParts } from "../shared/artifacts/types.ts";
import type { ErrorCode } from "../shared/errors.ts";
import type { Part } from "../shared/part.ts";
import type { Voice } from "../shared/voice.ts";

/** What a stage's process leaves on its standard output where it fails: the error, as JSON on a line of its own. */
export type Failure =
  | { readonly code: ErrorCode; readonly message: string }
  /** a defect of ours */
  | { readonly code: "defect"; readonly stack: string };

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
  readonly voice: Voice;
}
