import { access, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Tools } from "./tools.ts";

/** The libraries in TensorFlow's wheel, and the names that tfjs-node's binding.gyp links. */
const libraries = [
  { file: "libtensorflow_cc.so.2", linked: "libtensorflow.so" },
  { file: "libtensorflow_framework.so.2", linked: "libtensorflow_framework.so" },
];

/** Headers, and Python, which nothing reads once the addon is there. */
const builtWith = ["include", "python", "compiler", "lite", "tools"];

/**
 * Builds tfjs-node's addon against the TensorFlow beside it. The addon looks for libraries in deps/lib; that is the wheel's folder under
 * another name, so that TensorFlow finds CUDA's wheels beside its own. Links are relative: the folder can be moved.
 *
 * @param folder with node_modules, from npm, and python, from pip
 */
export async function buildAddon(folder: string, { npm }: Pick<Tools, "npm">): Promise<void> {
  const tfjs = path.join(folder, "node_modules", "@tensorflow", "tfjs-node");
  const wheel = path.join(folder, "python", "tensorflow");
  for (const { file, linked } of libraries) await symlink(file, path.join(wheel, linked));
  await mkdir(path.join(tfjs, "deps"));
  const toWheel = path.relative(path.join(tfjs, "deps"), wheel);
  await symlink(toWheel, path.join(tfjs, "deps", "lib"));
  await symlink(path.join(toWheel, "include"), path.join(tfjs, "deps", "include"));

  // As a script of npm's, so that npm's own node-gyp is found.
  await withScript(folder, "addon", await nodeGyp());
  await npm(["run", "addon"], folder);
  await rm(path.join(tfjs, "build"), { recursive: true });
  for (const name of builtWith) await rm(path.join(wheel, name), { recursive: true, force: true });
}

/** The command. The names are those under which tfjs-node looks for its addon. */
async function nodeGyp(): Promise<string> {
  const prefix = path.resolve(path.dirname(process.execPath), "..");
  const hasHeaders = await access(path.join(prefix, "include", "node", "node_api.h")).then(
    () => true,
    () => false,
  );
  return [
    "node-gyp rebuild --directory=node_modules/@tensorflow/tfjs-node",
    // Else node-gyp fetches them.
    ...(hasHeaders ? [`--nodedir=${JSON.stringify(prefix)}`] : []),
    "-- -Dmodule_name=tfjs_binding -Dmodule_path=./lib/napi-v8 -Dnapi_build_version=8",
  ].join(" ");
}

async function withScript(folder: string, name: string, command: string): Promise<void> {
  const file = path.join(folder, "package.json");
  const manifest = JSON.parse(await readFile(file, "utf8")) as object;
  await writeFile(file, JSON.stringify({ ...manifest, scripts: { [name]: command } }));
}
