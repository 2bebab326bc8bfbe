import { expect, it } from "vitest";
import { needRoom, readable } from "../../../stages/augment/disk.ts";
import { temporaryFolder } from "../../folder.ts";

it("lets pass what fits and stops what does not, before anything is written", async () => {
  const folder = temporaryFolder();
  await expect(needRoom(folder, 1000)).resolves.toBeUndefined();
  await expect(needRoom(folder, 1e18)).rejects.toMatchObject({ code: "engine" });
  await expect(needRoom(folder, 1e18)).rejects.toThrow(
    "augment: expected 1000000000.00 GB of free disk for the views",
  );
});

it("says sizes as a person reads them", () => {
  expect([1, 812e6, 5.134e9].map(readable)).toEqual(["1 MB", "812 MB", "5.13 GB"]);
});
