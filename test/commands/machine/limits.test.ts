import { mkdirSync, writeFileSync } from "node:fs";
import { freemem } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { limitsHere } from "../../../commands/machine/limits.ts";
import { temporaryFolder } from "../../folder.ts";

/** A folder of control groups, as Linux shows them. */
function groups(files: Record<string, string>): { root: string; own: string } {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), `${text}\n`);
  }
  return { root, own: path.join(root, "own") };
}

test("without control groups there is no limit", async () => {
  const { root, own } = groups({});
  const { quota, memory } = await limitsHere(root, own);
  expect(quota).toBeNull();
  expect(memory).toBeGreaterThan(0.5 * freemem());
});

test("version 2: the tightest of the process's own group and those around it counts", async () => {
  const { root, own } = groups({
    own: "0::/pod/container",
    "pod/cpu.max": "150000 100000",
    "pod/container/cpu.max": "max 100000",
    "pod/container/memory.max": "1000000",
    "pod/container/memory.current": "900000",
    "pod/container/memory.stat": "anon 1\ninactive_file 300000\nactive_file 5",
    "pod/memory.max": "max",
    "pod/memory.current": "900000",
  });
  expect(await limitsHere(root, own)).toMatchObject({ quota: 1.5, memory: 400_000 });
});

test("version 1: a quota below 0 is none", async () => {
  const limited = groups({
    "cpu/cpu.cfs_quota_us": "50000",
    "cpu/cpu.cfs_period_us": "100000",
    "memory/memory.limit_in_bytes": "5000",
    "memory/memory.usage_in_bytes": "6000",
  });
  expect(await limitsHere(limited.root, limited.own)).toMatchObject({ quota: 0.5, memory: 0 });
  const free = groups({ "cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000" });
  expect((await limitsHere(free.root, free.own)).quota).toBeNull();
});
