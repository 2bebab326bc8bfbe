import { z } from "zod";

/** Options that more than one stage reads. The first stage in the pipeline's order that has one owns it. */
export const backboneOption = z
  .string()
  .default("efficientnet-lite0")
  .describe("the pretrained network: efficientnet-lite0, resnet18 to resnet152, or the path of an ONNX file")
  .meta({ inKey: false });

export const weightsOption = z
  .string()
  .optional()
  .describe(
    "a safetensors file with torchvision's weights for a resnet, in place of fetching the published ones",
  )
  .meta({ inKey: false });

export const engineOption = z.enum(["cpu"]).default("cpu").describe("what computes");

/** Photos or views that go through the network at once. */
export const batchOption = (fallback: number) =>
  z.int().min(1).default(fallback).describe("photos at once").meta({ inKey: false });

/** What is trained beside the head. */
export const unfreezeOption = z
  .string()
  .regex(/^\S+$/, 'expected a number of blocks, "all" or the name of a block')
  .default("0")
  .describe(
    "what is trained beside the head: the last N blocks of the backbone, all, or everything from a named block or node on",
  );
