import { readFile } from "node:fs/promises";
import { availableParallelism, freemem } from "node:os";
import path from "node:path";

/** What the operating system lets this process use, which in a container is less than what the machine has. */
export interface Limits {
  /** processors that this process may run on */
  readonly cores: number;
  /** processors' worth of time that its control group allows it; null: no limit */
  readonly quota: number | null;
  /** bytes of memory that it could still have */
  readonly memory: number;
}

/** The limits of this process, by Linux's control groups (version 2: cpu.max, memory.max; version 1: cpu.cfs_quota_us and its kin). */
export async function limitsHere(root = "/sys/fs/cgroup", own = "/proc/self/cgroup"): Promise<Limits> {
  const groups = await groupsAbove(root, own);
  const quotas = await Promise.all(groups.map(quotaIn));
  const rooms = await Promise.all(groups.map(roomIn));
  const quota = Math.min(...quotas);
  return {
    cores: availableParallelism(),
    quota: Number.isFinite(quota) ? quota : null,
    memory: Math.min(freemem(), ...rooms),
  };
}

/** Folders of the process's own control group and of those around it, each of which may limit it. */
async function groupsAbove(root: string, own: string): Promise<string[]> {
  const lines = (await readFile(own, "utf8").catch(() => "")).split("\n");
  const name = lines.map((line) => /^0::(\/.*)$/.exec(line)?.[1]).find((each) => each !== undefined) ?? "/";
  const parts = name.split("/").filter((part) => part !== "" && part !== "..");
  return Array.from({ length: parts.length + 1 }, (_, depth) => path.join(root, ...parts.slice(0, depth)));
}

async function quotaIn(group: string): Promise<number> {
  const [quota, period] = (await textOf(group, "cpu.max"))?.split(" ") ?? [
    await textOf(group, "cpu/cpu.cfs_quota_us"),
    await textOf(group, "cpu/cpu.cfs_period_us"),
  ];
  const cores = Number(quota ?? NaN) / Number(period ?? NaN);
  return cores > 0 ? cores : Infinity;
}

async function roomIn(group: string): Promise<number> {
  const limit =
    (await textOf(group, "memory.max")) ?? (await textOf(group, "memory/memory.limit_in_bytes")) ?? "max";
  const used =
    (await textOf(group, "memory.current")) ?? (await textOf(group, "memory/memory.usage_in_bytes")) ?? "0";
  // Pages of files count as used, and are given up first.
  const files = /^inactive_file (\d+)$/m.exec(
    (await textOf(group, "memory.stat")) ?? (await textOf(group, "memory/memory.stat")) ?? "",
  )?.[1];
  const room = Number(limit) - Number(used) + Number(files ?? 0);
  return Number.isFinite(room) ? Math.max(0, room) : Infinity;
}

async function textOf(group: string, name: string): Promise<string | null> {
  return readFile(path.join(group, name), "utf8").then(
    (text) => text.trim(),
    () => null,
  );
}
