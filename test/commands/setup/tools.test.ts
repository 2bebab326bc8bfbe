import { afterEach, expect, test, vi } from "vitest";
import { expectTools } from "../../../commands/setup/tools.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("a build is not held to what this project's .npmrc says of its own packages", async () => {
  const ours = [
    "npm_config_ignore_scripts",
    "npm_config_loglevel",
    "npm_config_node_options",
    "NODE_OPTIONS",
  ];
  for (const name of ours) vi.stubEnv(name, "");
  vi.stubEnv("npm_config_cache", "elsewhere");
  const { node } = await expectTools(new AbortController().signal, ["npm"]);
  const names = JSON.parse(await node(["-p", "JSON.stringify(Object.keys(process.env))"], ".")) as string[];
  expect(names).toContain("npm_config_cache");
  expect(names.filter((name) => ours.includes(name))).toEqual([]);
});
