import { unexpected, type PipelineError } from "../../shared/errors.ts";
import { type Gpus, gpusInWords, hasGpu } from "../../shared/engine/gpus.ts";
import type { Outcome } from "../../shared/engine/trial/trial.ts";

/** What a stage does with its engine: run a network, or train one. */
export type Purpose = "forward" | "training";

/** A concrete engine, and where it computes. */
export interface EngineOn {
  readonly engine: string;
  readonly device: "cpu" | "gpu";
}

/** The engine that a stage gets, and why that one: a line each. */
export interface EngineChoice extends EngineOn {
  readonly reasons: readonly string[];
}

/** What the user asked for: "auto" or a name each. */
export interface EngineWish {
  readonly engine: string;
  readonly device: string;
}

/** An engine that was tried. */
export interface Tried extends EngineOn {
  readonly outcome: Outcome;
}

const onCpu: EngineOn = { engine: "cpu", device: "cpu" };

/**
 * The engines that are worth a trial on a machine with these GPUs, the likely fastest first.
 * Training on NVIDIA's is TensorFlow's first, because onnxruntime-node keeps no weights on a CUDA
 * device.
 */
export function gpuEngines(purpose: Purpose, { nvidia, other }: Gpus): EngineOn[] {
  const onGpu = (engine: string): EngineOn => ({ engine, device: "gpu" });
  if (nvidia.length > 0 && purpose === "training") return ["tensorflow", "webgpu"].map(onGpu);
  if (nvidia.length > 0) return ["cuda", "webgpu", "tensorflow"].map(onGpu);
  return other.length > 0 ? [onGpu("webgpu")] : [];
}

/** Whether an engine that was tried is to be taken: it works, and is faster than `cpu`. */
export function isBetter({ outcome }: Tried): boolean {
  return outcome.works && outcome.milliseconds < outcome.cpuMilliseconds;
}

/**
 * What `--engine auto` takes, of what was tried in order: the first that is better than `cpu`. A
 * GPU that is there and not used is never passed over in silence.
 *
 * @throws PipelineError `engine` where `--device gpu` is asked for and none of them works
 */
export function choiceOf(gpus: Gpus, tried: readonly Tried[], device: string): EngineChoice {
  const found =
    device === "gpu" ? tried.find(({ outcome }) => outcome.works) : tried.find((one) => isBetter(one));
  const before = found === undefined ? tried : tried.slice(0, tried.indexOf(found));
  const why = before.map(whyNot);
  if (found !== undefined)
    return { engine: found.engine, device: found.device, reasons: [speedOf(found), ...why] };
  if (device === "gpu") throw noneWorks(gpus, why);
  if (device === "cpu") return { ...onCpu, reasons: ["--device cpu"] };
  if (!hasGpu(gpus) && gpus.driverless.length > 0)
    return { ...onCpu, reasons: [`${gpusInWords(gpus)} is there: install NVIDIA's driver to use it`] };
  return {
    ...onCpu,
    reasons: [hasGpu(gpus) ? `${gpusInWords(gpus)} is there, but` : "no GPU found", ...why],
  };
}

function speedOf({ outcome }: Tried): string {
  if (!outcome.works) return "";
  const times = outcome.cpuMilliseconds / outcome.milliseconds;
  return `${times.toFixed(1)} times as fast as cpu on three convolutions`;
}

function whyNot({ engine, outcome }: Tried): string {
  if (!outcome.works) return `not ${engine}: ${outcome.why}${outcome.hint === "" ? "" : `; ${outcome.hint}`}`;
  const [own, cpu] = [outcome.milliseconds, outcome.cpuMilliseconds].map((time) => time.toFixed(0));
  return `not ${engine}: it takes ${own ?? ""} ms where cpu takes ${cpu ?? ""}`;
}

/**
 * What an engine that is asked for by name computes on.
 *
 * @throws PipelineError `usage` where it cannot compute on what `--device` asks for
 */
export function deviceOf({ engine, device }: EngineWish, gpus: Gpus): "cpu" | "gpu" {
  const can = devicesOf(engine);
  if (device === "gpu" && can.includes("gpu")) {
    if (hasGpu(gpus)) return "gpu";
    throw noGpu(gpus);
  }
  if (device !== "auto") {
    if (device === "cpu" && can.includes(device)) return device;
    throw unexpected("usage", {
      where: "engine",
      expected: `auto or ${can.join(" or ")}, on which ${engine} computes,`,
      subject: "--device",
      got: device,
      hint:
        device === "gpu" ? "give --engine webgpu, cuda or tensorflow with it" : "give --engine cpu with it",
    });
  }
  if (can.length === 1) return can[0] ?? "cpu";
  return gpus.nvidia.length > 0 ? "gpu" : "cpu";
}

function devicesOf(engine: string): ("cpu" | "gpu")[] {
  if (engine === "cpu") return ["cpu"];
  return engine === "tensorflow" ? ["cpu", "gpu"] : ["gpu"];
}

/** @throws PipelineError `usage` where a GPU is demanded of a machine that shows none */
export function demandGpu(gpus: Gpus): void {
  if (!hasGpu(gpus)) throw noGpu(gpus);
}

function noGpu(gpus: Gpus): PipelineError {
  return unexpected("usage", {
    where: "engine",
    expected: "a GPU on this machine (/dev/nvidia*, /dev/dri/renderD*)",
    subject: "--device gpu",
    got: gpusInWords(gpus),
    hint: "npx zx pipeline.ts doctor says what there is; leave --device out to compute on what works",
  });
}

function noneWorks(gpus: Gpus, why: readonly string[]): PipelineError {
  return unexpected("engine", {
    where: "engine",
    expected: "an engine that works",
    subject: "--device gpu",
    got: `none on ${gpusInWords(gpus)} (${why.join("; ")})`,
    hint: "npx zx pipeline.ts doctor tries them all",
  });
}
