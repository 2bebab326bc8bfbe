import { z } from "zod";
import type { Json } from "../shared/artifacts/types.ts";

/** How many photos a listing has. */
export interface ListedCounts {
  readonly rows: number;
  readonly labelled: number;
}

const listing = z.object({ counts: z.object({ rows: z.number(), labelled: z.number() }) });

/** The counts in what a stage reads from outside the store; null where it does not list photos. */
export function countsIn(source: Json): ListedCounts | null {
  return listing.safeParse(source).data?.counts ?? null;
}
