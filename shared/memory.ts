import { readFile } from "node:fs/promises";

/** The most memory this process has held so far, in MiB: what the kernel counts, threads and native memory included. */
export async function peakMemory(): Promise<number> {
  const status = await readFile("/proc/self/status", "utf8").catch(() => "");
  const kibibytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  // Elsewhere than on Linux libuv's own count of the peak, in kilobytes.
  return Math.round(Number(kibibytes ?? process.resourceUsage().maxRSS) / 1024);
}
