import { readFileSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";
import path from "node:path";

/**
 * What the operating system lets this process use, which in a container is less than what the
 * machine has.
 */
export interface Limits {
  /** processors that this process may run on */
  readonly cores: number;
  /** processors' worth of time that its control group allows it; null: no limit */
  readonly quota: number | null;
  /** processors that it can keep busy: threads beyond that only stop each other */
  readonly usable: number;
  /** bytes of memory that it could still have */
  readonly memory: number;
}

/** Where Linux shows control groups, and which ones this process is in. */
export interface GroupFiles {
  readonly root: string;
  readonly own: string;
}

const linuxFiles: GroupFiles = { root: "/sys/fs/cgroup", own: "/proc/self/cgroup" };

/**
 * The limits of this process, by Linux's control groups (version 2: cpu.max, memory.max; version 1:
 * cpu.cfs_quota_us and its kin), of which the tightest counts: its own or one of those around it.
 */
export function limitsHere(files = linuxFiles): Limits {
  const quota = Math.min(...groupFolders(files, "cpu").map(quotaIn));
  const cores = availableParallelism();
  return {
    cores,
    quota: Number.isFinite(quota) ? quota : null,
    usable: usableCores(cores, quota),
    memory: Math.min(freemem(), ...groupFolders(files, "memory").map(freeMemoryIn)),
  };
}

/** Whole processors of a quota, and at least one. */
export function usableCores(cores: number, quota: number): number {
  return Math.max(1, Math.min(cores, Math.floor(quota)));
}

/**
 * Folders in which the limits of a process may stand, for both versions of control groups. A
 * container sees its own group as the root, whatever the name that it has outside.
 */
function groupFolders({ root, own }: GroupFiles, controller: "cpu" | "memory"): string[] {
  const groups = parseOwnGroups(textOf(own) ?? "");
  const second = groups.find(({ controllers }) => controllers.length === 0);
  const first = groups.find(({ controllers }) => controllers.includes(controller));
  const mounted = new Set([controller, first?.controllers.join(",") ?? controller]);
  return [
    ...foldersDown(root, second?.name ?? "/"),
    ...[...mounted].flatMap((mount) => foldersDown(path.join(root, mount), first?.name ?? "/")),
  ];
}

interface OwnGroup {
  /** none: version 2 */
  readonly controllers: readonly string[];
  readonly name: string;
}

/** The lines of /proc/self/cgroup: `0::/name`, `4:cpu,cpuacct:/name`. */
export function parseOwnGroups(text: string): OwnGroup[] {
  return text.split("\n").flatMap((line) => {
    const [, controllers, name] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || name === undefined) return [];
    return [{ controllers: controllers === "" ? [] : controllers.split(","), name }];
  });
}

/** The folder of a group, and of those around it. */
function foldersDown(mount: string, name: string): string[] {
  const parts = name.split("/").filter((part) => part !== "" && part !== "..");
  return Array.from({ length: parts.length + 1 }, (_, depth) => path.join(mount, ...parts.slice(0, depth)));
}

function quotaIn(group: string): number {
  return parseQuota(
    textOf(path.join(group, "cpu.max")) ??
      `${textOf(path.join(group, "cpu.cfs_quota_us")) ?? ""} ${textOf(path.join(group, "cpu.cfs_period_us")) ?? ""}`,
  );
}

/**
 * Processors that a quota amounts to.
 *
 * @param text "150000 100000": microseconds of processor time, of how many; "max" or below 0: no
 * limit
 */
export function parseQuota(text: string): number {
  const [quota = "", period = "100000"] = text.split(" ");
  const cores = Number(quota) / Number(period);
  return quota !== "" && cores > 0 ? cores : Infinity;
}

function freeMemoryIn(group: string): number {
  const read = (...names: string[]) =>
    names.map((name) => textOf(path.join(group, name))).find((text) => text !== null);
  const limit = read("memory.max", "memory.limit_in_bytes") ?? "max";
  const used = read("memory.current", "memory.usage_in_bytes") ?? "0";
  // Pages of files count as used, and are given up first.
  const files = /^inactive_file (\d+)$/m.exec(read("memory.stat") ?? "")?.[1] ?? "0";
  const free = Number(limit) - Number(used) + Number(files);
  return Number.isFinite(free) ? Math.max(0, free) : Infinity;
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null; // no control groups, or not of this version
  }
}
