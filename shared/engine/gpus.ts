import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The GPUs that the system shows, found without loading any library. */
export interface Gpus {
  /** device nodes of NVIDIA's driver */
  readonly nvidia: readonly string[];
  /** device nodes of other drivers; on macOS and Windows, which show none, the system's name */
  readonly other: readonly string[];
  /** PCI addresses of NVIDIA cards that no driver has made a device node for */
  readonly driverless: readonly string[];
}

/** Looks for device nodes; milliseconds. `root` is "/" but in tests. */
export function findGpus(platform: NodeJS.Platform = process.platform, root = "/"): Gpus {
  if (platform === "darwin" || platform === "win32") return { nvidia: [], other: [platform], driverless: [] };
  const named = (folder: string, pattern: RegExp) =>
    namesIn(path.join(root, folder))
      .filter((name) => pattern.test(name))
      .map((name) => `/${folder}/${name}`);
  const windows = existsSync(path.join(root, "dev/dxg")) ? ["/dev/dxg"] : [];
  // Windows Subsystem for Linux shows every GPU as one node, and NVIDIA's by the library that its driver puts there.
  const nvidiaInWindows = existsSync(path.join(root, "usr/lib/wsl/lib/libcuda.so.1")) ? windows : [];
  const nvidia = [...named("dev", /^nvidia\d+$/), ...nvidiaInWindows];
  return {
    nvidia,
    other: [...named("dev/dri", /^renderD\d+$/), ...windows].filter((node) => !nvidia.includes(node)),
    driverless: nvidia.length > 0 ? [] : nvidiaCards(path.join(root, "sys/bus/pci/devices")),
  };
}

/** What `gpus` amounts to, in a few words. */
export function gpusInWords({ nvidia, other, driverless }: Gpus): string {
  if (nvidia.length > 0) return `an NVIDIA GPU (${nvidia.join(", ")})`;
  if (other.length > 0) return `a GPU (${other.join(", ")})`;
  if (driverless.length > 0) return `an NVIDIA GPU without a driver (PCI ${driverless.join(", ")})`;
  return "no GPU";
}

export function hasGpu({ nvidia, other }: Gpus): boolean {
  return nvidia.length + other.length > 0;
}

/** PCI class 03 is that of display controllers, 10de NVIDIA's number: https://pci-ids.ucw.cz */
function nvidiaCards(folder: string): string[] {
  return namesIn(folder).filter((device) => {
    const [vendor, kind] = ["vendor", "class"].map((name) => contentOf(path.join(folder, device, name)));
    return vendor === "0x10de" && kind?.startsWith("0x03") === true;
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}
