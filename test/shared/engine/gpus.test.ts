import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { findGpus, gpusInWords } from "../../../shared/engine/gpus.ts";
import { temporaryFolder } from "../../folder.ts";

function machineWith(...files: (readonly [string, string?])[]): string {
  const root = temporaryFolder();
  for (const [file, content = ""] of files) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  }
  return root;
}

test("a machine without device nodes has no GPU", () => {
  const gpus = findGpus("linux", machineWith(["dev/null"], ["dev/nvidiactl"]));
  expect(gpus).toEqual({ nvidia: [], other: [], driverless: [] });
  expect(gpusInWords(gpus)).toBe("no GPU");
});

test("device nodes are GPUs, NVIDIA's by themselves", () => {
  const root = machineWith(["dev/nvidia0"], ["dev/nvidia1"], ["dev/dri/renderD128"], ["dev/dri/card0"]);
  const gpus = findGpus("linux", root);
  expect(gpus.nvidia).toEqual(["/dev/nvidia0", "/dev/nvidia1"]);
  expect(gpus.other).toEqual(["/dev/dri/renderD128"]);
  expect(gpusInWords(gpus)).toBe("an NVIDIA GPU (/dev/nvidia0, /dev/nvidia1)");
});

test("an NVIDIA card on the bus for which there is no driver is found", () => {
  const card = "sys/bus/pci/devices/0000:01:00.0";
  const root = machineWith(
    [`${card}/vendor`, "0x10de\n"],
    [`${card}/class`, "0x030200\n"],
    ["sys/bus/pci/devices/0000:01:00.1/vendor", "0x10de\n"],
    ["sys/bus/pci/devices/0000:01:00.1/class", "0x040300\n"],
  );
  expect(findGpus("linux", root).driverless).toEqual(["0000:01:00.0"]);
});

test("Windows' GPU inside Linux is NVIDIA's where its driver has put its library", () => {
  expect(findGpus("linux", machineWith(["dev/dxg"])).other).toEqual(["/dev/dxg"]);
  const gpus = findGpus("linux", machineWith(["dev/dxg"], ["usr/lib/wsl/lib/libcuda.so.1"]));
  expect(gpus).toEqual({ nvidia: ["/dev/dxg"], other: [], driverless: [] });
});

test("macOS and Windows always have a GPU worth a trial", () => {
  expect(findGpus("darwin").other).toEqual(["darwin"]);
  expect(findGpus("win32").other).toEqual(["win32"]);
});
