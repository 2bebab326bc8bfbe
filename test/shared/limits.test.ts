import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { type GroupFiles, limitsHere, parseOwnGroups, parseQuota, usableCores } from "../../shared/limits.ts";
import { temporaryFolder } from "../folder.ts";

/** A folder of control groups, as Linux shows them. */
function groups(files: Record<string, string>): GroupFiles {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), `${text}\n`);
  }
  return { root, own: path.join(root, "own") };
}

test("without control groups there is no limit", () => {
  const { quota, memory, usable } = limitsHere(groups({}));
  expect({ quota, usable }).toEqual({ quota: null, usable: availableParallelism() });
  expect(memory).toBeGreaterThan(0.5 * freemem());
});

test("version 2: the tightest of the process's own group and those around it counts", () => {
  const files = groups({
    own: "0::/pod/container",
    "pod/cpu.max": "150000 100000",
    "pod/container/cpu.max": "max 100000",
    "pod/container/memory.max": "1000000",
    "pod/container/memory.current": "900000",
    "pod/container/memory.stat": "anon 1\ninactive_file 300000\nactive_file 5",
    "pod/memory.max": "max",
    "pod/memory.current": "900000",
  });
  expect(limitsHere(files)).toMatchObject({ quota: 1.5, usable: 1, memory: 400_000 });
});

test("version 1: a container sees its own limits as the root's; a quota below 0 is none", () => {
  const limited = groups({
    own: "4:memory:/docker/abc\n1:cpu:/docker/abc",
    "cpu/cpu.cfs_quota_us": "50000",
    "cpu/cpu.cfs_period_us": "100000",
    "memory/memory.limit_in_bytes": "5000",
    "memory/memory.usage_in_bytes": "6000",
  });
  expect(limitsHere(limited)).toMatchObject({ quota: 0.5, usable: 1, memory: 0 });
  const free = groups({ "cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000" });
  expect(limitsHere(free).quota).toBeNull();
});

test("version 1: the process's own group, and controllers that are mounted together", () => {
  const files = groups({
    own: "5:memory:/slice/job\n4:cpu,cpuacct:/slice/job\n0::/",
    "cpu,cpuacct/cpu.cfs_quota_us": "-1",
    "cpu,cpuacct/slice/cpu.cfs_quota_us": "200000",
    "cpu,cpuacct/slice/cpu.cfs_period_us": "50000",
    "cpu,cpuacct/slice/job/cpu.cfs_quota_us": "-1",
    "cpu,cpuacct/slice/job/cpu.cfs_period_us": "100000",
    "memory/slice/job/memory.limit_in_bytes": "5000",
    "memory/slice/job/memory.usage_in_bytes": "1000",
  });
  expect(limitsHere(files)).toMatchObject({ quota: 4, memory: 4000 });
});

test.each([
  ["max 100000", Infinity],
  ["max", Infinity],
  ["150000 100000", 1.5],
  ["50000", 0.5],
  ["-1 100000", Infinity],
  ["0 100000", Infinity],
  [" ", Infinity],
  ["nonsense", Infinity],
])("the quota %j is %d processors", (text, cores) => {
  expect(parseQuota(text)).toBe(cores);
});

test.each([
  [8, Infinity, 8],
  [8, 2, 2],
  [8, 3.9, 3],
  [8, 0.5, 1],
  [2, 4, 2],
])("%d processors and a quota of %d keep %d threads busy", (cores, quota, usable) => {
  expect(usableCores(cores, quota)).toBe(usable);
});

test("groups of both versions are told apart", () => {
  expect(parseOwnGroups("12:cpu,cpuacct:/a:b/c\n1:name=systemd:/\n0::/x\n")).toEqual([
    { controllers: ["cpu", "cpuacct"], name: "/a:b/c" },
    { controllers: ["name=systemd"], name: "/" },
    { controllers: [], name: "/x" },
  ]);
});
