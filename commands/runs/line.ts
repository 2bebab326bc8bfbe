import type { Json } from "../../shared/artifacts/types.ts";
import { trainingSettings } from "../training-settings.ts";
import type { NamedRun } from "./read.ts";

/** What the list says of a run; empty where it has not got so far. */
export interface RunLine {
  readonly name: string;
  readonly when: string;
  readonly data: string;
  readonly photos: string;
  readonly backbone: string;
  readonly engine: string;
  readonly unfreeze: string;
  readonly lr: string;
  readonly epochs: string;
  readonly accuracy: string;
  readonly loss: string;
  readonly key: string;
}

export function lineOf({ name, results, made }: NamedRun): RunLine {
  const [index, embed, train] = [results.get("index"), results.get("embed"), results.get("train")];
  const settings = train === undefined ? (embed?.config ?? {}) : trainingSettings(train.config);
  const { accuracy, loss } = train?.facts ?? {};
  return {
    name,
    when: made === null ? "" : made.toISOString().slice(0, 16).replace("T", " "),
    data: shown(index?.config["data"]),
    photos: shown(index?.facts["photos"]),
    backbone: shown(settings["backbone"]),
    engine: shown(settings["engine"]),
    unfreeze: shown(settings["unfreeze"]),
    lr: shown(settings["lr"]),
    epochs: shown(settings["epochs"]),
    accuracy: typeof accuracy === "number" ? `${(100 * accuracy).toFixed(1)} %` : "",
    loss: typeof loss === "number" ? loss.toFixed(4) : "",
    key: train?.key.slice(0, 12) ?? "",
  };
}

/** A value in a table; empty where it is unset. */
export function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
