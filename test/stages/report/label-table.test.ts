import { expect, test } from "vitest";
import { labelTable } from "../../../stages/report/label-table.ts";
import { reportOf } from "./page/report.ts";

test("label-errors.csv has a line for each label that was judged, quoted where a name has a comma", () => {
  const { photos } = reportOf(["cat", "dog"]);
  const table = labelTable(
    { ...photos, paths: ["a,b.jpg", "c.jpg"], ids: ["1", "2"], classes: ["cat", "dog"] },
    [
      { row: 1, given: 0, likely: 1, selfConfidence: 0.125, margin: -0.75, suspected: true },
      { row: 0, given: 1, likely: 0, selfConfidence: 0.5, margin: 0, suspected: false },
    ],
  );
  expect(table).toBe(
    "path,id,label,probability,rather,rather_probability,suspected\n" +
      "c.jpg,2,cat,0.125000,dog,0.875000,true\n" +
      '"a,b.jpg",1,dog,0.500000,cat,0.500000,false\n',
  );
});
