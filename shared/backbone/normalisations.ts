import { z } from "zod";
import type { GivenNormalisation } from "../options.ts";

/** red, green, blue */
export type Channels = readonly [number, number, number];

/** What is done to pixels of 0 to 255 before they enter a network: (pixel - mean) / std. */
export interface MeanAndStd {
  readonly mean: Channels;
  readonly std: Channels;
}

/** Those that have names, each with what it makes of pixels. */
const named: Readonly<Record<GivenNormalisation, MeanAndStd & { readonly words: string }>> = {
  // torchvision's transforms: mean and standard deviation of ImageNet's pixels, times 255
  imagenet: {
    words: "ImageNet's mean and deviation",
    mean: [123.675, 116.28, 103.53],
    std: [58.395, 57.12, 57.375],
  },
  half: { words: "pixels of -1 to 1", mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] },
  unit: { words: "pixels of 0 to 1", mean: [0, 0, 0], std: [255, 255, 255] },
  none: { words: "pixels of 0 to 255", mean: [0, 0, 0], std: [1, 1, 1] },
};

export function normalisationNamed(name: GivenNormalisation): MeanAndStd {
  const { mean, std } = named[name];
  return { mean, std };
}

/** The name of a normalisation, but for rounding; null where it has none. */
export function nameOfNormalisation(one: MeanAndStd): GivenNormalisation | null {
  const names = Object.keys(named) as GivenNormalisation[];
  return names.find((name) => isSame(one, named[name])) ?? null;
}

export function isSame(one: MeanAndStd, other: MeanAndStd): boolean {
  const near = (a: Channels, b: Channels) => a.every((value, i) => Math.abs(value - (b[i] ?? NaN)) < 1e-3);
  return near(one.mean, other.mean) && near(one.std, other.std);
}

/** From where it is known what a network wants of pixels, in words. */
const sources = {
  "--normalisation": "given by --normalisation",
  metadata: "from the network's own metadata",
  "preprocessor_config.json": "from the preprocessor_config.json beside the network",
  graph: "noticed inside the graph, which normalises pixels itself",
  assumed:
    "assumed, as nothing beside or in the network's file says it (--normalisation imagenet, half, unit or none does)",
} as const;

export type NormalisationSource = keyof typeof sources;

/** What is done to pixels, and from where that is known. */
export interface KnownNormalisation extends MeanAndStd {
  readonly source: NormalisationSource;
}

const channelsSchema = z.tuple([z.number(), z.number(), z.number()]);
const knownSchema = z.object({
  mean: channelsSchema,
  std: channelsSchema,
  source: z.enum(Object.keys(sources) as [NormalisationSource, ...NormalisationSource[]]),
});

/** As a result's manifest has it; null where it was made before that was noted down. */
export function normalisationOfFact(fact: unknown): KnownNormalisation | null {
  return knownSchema.safeParse(fact).data ?? null;
}

/** "(pixel - [127.5, …]) / [127.5, …], pixels of -1 to 1: given by --normalisation" */
export function normalisationInWords({ mean, std, source }: KnownNormalisation): string {
  const name = nameOfNormalisation({ mean, std });
  const list = (channels: Channels) => channels.map((value) => Number(value.toPrecision(6))).join(", ");
  const words = name === null ? "" : `, ${named[name].words}`;
  return `(pixel - [${list(mean)}]) / [${list(std)}]${words}: ${sources[source]}`;
}
