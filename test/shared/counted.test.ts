import { expect, it } from "vitest";
import { counted } from "../../shared/counted.ts";

it("counts with thousands apart and the right number of the noun", () => {
  expect([counted(1, "photo"), counted(10222, "photo"), counted(2, "class", "classes")]).toEqual([
    "1 photo",
    "10,222 photos",
    "2 classes",
  ]);
});
