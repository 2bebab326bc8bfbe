import type { Graph } from "../onnx/graph.ts";
import { commonPath, modulePathOf, type ModulePath } from "./module-paths.ts";
import { segmentsOf, type Segment } from "./segments.ts";
import { leads, unitsByStructure, type Membership } from "./structure.ts";

/** A part of a network from one tensor through which everything passes to the next. */
export interface Block {
  /** as a person calls it: "layer4.2", "blocks.11", "stem" */
  readonly name: string;
  /** the tensor that leaves it */
  readonly tensor: string;
  /** whether it is one of the network's units, which `--unfreeze 4` counts, and not a stem, a head or a change of resolution */
  readonly counted: boolean;
}

/** Where a network begins, and where its features are. */
interface Ends {
  readonly input: string;
  readonly spatial: string | null;
  readonly pooled: string;
}

/**
 * Finds a network's blocks in its graph: the modules that its residual additions are in and those that are called alike, where
 * the exporter wrote modules' names; else the residual additions themselves, and the linear bottlenecks between them (Sandler et al.,
 * "MobileNetV2", 2018). A network of neither is taken layer by layer.
 *
 * @returns in order, with the parts that lie before, between and behind the blocks, but not what leads from the last of
 *   these tensors to the features
 */
export function findBlocks(graph: Graph, { input, spatial, pooled }: Ends): Block[] {
  const all = segmentsOf(graph, input, pooled);
  const last = all.findIndex(({ tensor }) => tensor === spatial);
  const segments = last === -1 ? all : all.slice(0, last + 1);
  const paths = segments.map((segment) => pathOf(graph, segment));
  for (const unitsOf of [unitsByName, unitsByStructure, layers]) {
    const parts = partsOf(segments, unitsOf(segments, paths));
    if (!parts.some(({ counted }) => counted)) continue;
    return named(parts, paths).filter(({ tensor, counted }) => counted || tensor !== pooled);
  }
  return [];
}

/** The module that all of a segment is in; null where its names tell nothing. */
function pathOf(graph: Graph, { nodes }: Segment): ModulePath | null {
  const known = nodes.map((node) => modulePathOf(graph, node)).filter((path) => path !== null);
  return known.length === 0 ? null : commonPath(known);
}

/** The modules that residual branches are in, and those that are called alike but for numbers. */
function unitsByName(segments: readonly Segment[], paths: readonly (ModulePath | null)[]): Membership[] {
  const branches = segments.flatMap(({ joins }, place) => (joins ? [numbered(paths[place] ?? [])] : []));
  const modules = new Set(branches.map((path) => path.join(".")));
  // Where names are no modules', all the branches may have the same one, or none.
  if (modules.has("") || branches.length > 4 * modules.size) return segments.map(() => undefined);
  const patterns = new Set(branches.map(patternOf));
  return paths.map((path) => {
    if (path === null) return undefined;
    const inner = path.map((_, i) => path.slice(0, path.length - i));
    const module = inner.find((each) => patterns.has(patternOf(each)))?.join(".");
    return module === undefined ? null : { key: module, module, counted: true };
  });
}

/** Up to its last name with a number in it: features.3 of features.3.block. */
function numbered(path: ModulePath): ModulePath {
  return path.slice(0, path.findLastIndex((name) => /\d/.test(name)) + 1);
}

function patternOf(path: ModulePath): string {
  return path.join(".").replace(/\d+/g, "#");
}

/** Every convolution or product is a unit but the first, which takes the pixels. */
function layers(segments: readonly Segment[], paths: readonly (ModulePath | null)[]): Membership[] {
  const first = segments.findIndex(({ products }) => products > 0);
  return segments.map(({ products }, place) =>
    products === 0
      ? undefined
      : {
          ...{ key: `layer ${place}`, module: paths[place]?.join(".") ?? null },
          ...{ counted: place > first, alone: true },
        },
  );
}

interface Part {
  /** places of its segments */
  readonly places: readonly number[];
  readonly tensor: string;
  readonly counted: boolean;
  readonly module: string | null;
}

/** Units with two convolutions or products each, and what lies between two of them as one part. */
function partsOf(segments: readonly Segment[], units: readonly Membership[]): Part[] {
  const parts: Part[] = [];
  for (const { places, unit } of runsOf(segments, units)) {
    const products = places.reduce((sum, place) => sum + (segments[place]?.products ?? 0), 0);
    const counted = unit?.counted === true && (products > 1 || unit.alone === true);
    const before = !counted && parts.at(-1)?.counted === false ? parts.pop() : undefined;
    parts.push({
      places: [...(before?.places ?? []), ...places],
      tensor: segments[places.at(-1) ?? 0]?.tensor ?? "",
      counted,
      module: counted ? unit.module : null,
    });
  }
  return parts;
}

interface Run {
  readonly places: number[];
  readonly unit: Membership;
}

/**
 * Neighbours of one unit; a segment that nothing tells of goes with the one before it or, where it prepares the next, with that.
 * What stands outside residual branches prepares none of them (a transformer's positions), but for batch normalisation (He et al.,
 * "Identity Mappings in Deep Residual Networks", 2016).
 */
function runsOf(segments: readonly Segment[], units: readonly Membership[]): Run[] {
  const runs: Run[] = [];
  let waiting: number[] = [];
  for (const [place, segment] of segments.entries()) {
    const unit = units[place];
    const open = runs.at(-1);
    const waits = unit === undefined && (!open || waiting.length > 0 || leads(segment, segments[place - 1]));
    if (open && unit && segment.joins && !waiting.some((each) => hasBatchNormalisation(segments[each])))
      open.places.push(...waiting.splice(0));
    const places = [...waiting, place];
    waiting = waits ? places : [];
    if (waits) continue;
    const same = unit === undefined || unit?.key === open?.unit?.key;
    if (open && same) open.places.push(...places);
    else runs.push({ places, unit });
  }
  return waiting.length > 0 ? [...runs, { places: waiting, unit: null }] : runs;
}

function hasBatchNormalisation(segment: Segment | undefined): boolean {
  return segment?.nodes.some(({ op }) => op === "BatchNormalization") ?? false;
}

function named(parts: readonly Part[], paths: readonly (ModulePath | null)[]): Block[] {
  const first = parts.findIndex(({ counted }) => counted);
  const last = parts.findLastIndex(({ counted }) => counted);
  let number = 0;
  const taken = new Set<string>();
  return parts.map(({ places, tensor, counted, module }, i) => {
    const inside = places.map((place) => paths[place] ?? null).filter((path) => path !== null);
    const between = () => commonPath(inside).join(".") || tensor;
    const other = i < first ? "stem" : i > last ? "head" : between();
    const readable = counted ? (module ?? `block${number++}`) : other;
    const name = taken.has(readable) ? tensor : readable;
    taken.add(name);
    return { name, tensor, counted };
  });
}
