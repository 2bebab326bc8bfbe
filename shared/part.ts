import { unexpected } from "./errors.ts";

/** Share `index` (from 1) of `count`: every count-th shard. */
export interface Part {
  readonly index: number;
  readonly count: number;
}

/**
 * Environment variables in which array jobs say which task this is: [index, count, first index].
 */
const arrayJobs = [
  {
    name: "Slurm",
    index: "SLURM_ARRAY_TASK_ID",
    count: "SLURM_ARRAY_TASK_COUNT",
    first: "SLURM_ARRAY_TASK_MIN",
  },
  { name: "Kubernetes", index: "JOB_COMPLETION_INDEX", count: "JOB_COMPLETIONS", first: null },
  { name: "AWS Batch", index: "AWS_BATCH_JOB_ARRAY_INDEX", count: "AWS_BATCH_JOB_ARRAY_SIZE", first: null },
  { name: "Cloud Run", index: "CLOUD_RUN_TASK_INDEX", count: "CLOUD_RUN_TASK_COUNT", first: null },
] as const;

/**
 * Reads `--part`: "2/4", or "auto" for the task number of a Slurm, Kubernetes, AWS Batch or Cloud
 * Run array job.
 *
 * @throws PipelineError `usage` where the text is neither, or no array job runs this process
 */
export function parsePart(text: string, environment: Readonly<Record<string, string | undefined>>): Part {
  if (text === "auto") return partOfArrayJob(environment);
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const index = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (!(index >= 1 && index <= count))
    throw unexpected("usage", {
      where: "pipeline",
      expected: "i/N with 1 ≤ i ≤ N, or auto,",
      subject: "--part",
      got: text,
    });
  return { index, count };
}

function partOfArrayJob(environment: Readonly<Record<string, string | undefined>>): Part {
  for (const job of arrayJobs) {
    const task = environment[job.index];
    const count = environment[job.count];
    if (task === undefined || count === undefined) continue;
    const first = job.first === null ? 0 : Number(environment[job.first] ?? 0);
    return { index: Number(task) - first + 1, count: Number(count) };
  }
  throw unexpected("usage", {
    where: "pipeline",
    expected: `the environment of an array job (${arrayJobs.map((job) => job.name).join(", ")})`,
    subject: "--part auto",
    got: "none of their variables",
    hint: "give --part i/N, or set JOB_COMPLETIONS beside JOB_COMPLETION_INDEX",
  });
}

/** The items that are part `part` of `items`: every count-th, so that shares are alike. */
export function shareOf<Item>(items: readonly Item[], part: Part | null): Item[] {
  if (part === null) return [...items];
  return items.filter((_, i) => i % part.count === part.index - 1);
}
