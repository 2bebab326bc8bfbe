import { expect, test } from "vitest";
import { takingTurns } from "../../../shared/predictor/turns.ts";

test("work goes on side by side, and what is to be alone waits for it and holds up the rest", async () => {
  const turns = takingTurns();
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 2));
    seen.push(`${name} ends`);
    return name;
  };
  const first = [turns.beside(work("a")), turns.beside(work("b"))];
  await new Promise((resolve) => setTimeout(resolve, 0));
  const alone = turns.alone(work("alone"));
  const last = [turns.beside(work("c")), turns.alone(work("other")), turns.beside(work("d"))];
  expect(await Promise.all([...first, alone, ...last])).toEqual(["a", "b", "alone", "c", "other", "d"]);
  const at = (event: string) => seen.indexOf(event);
  expect(at("b begins")).toBeLessThan(at("a ends"));
  expect(at("alone begins")).toBeGreaterThan(Math.max(at("a ends"), at("b ends")));
  for (const name of ["alone", "other"]) expect(at(`${name} ends`)).toBe(at(`${name} begins`) + 1);
});

test("what fails alone holds nothing up", async () => {
  const turns = takingTurns();
  const failing = turns.alone(() => Promise.reject(new Error("damaged")));
  const next = turns.beside(() => Promise.resolve(1));
  await expect(failing).rejects.toThrow("damaged");
  expect(await next).toBe(1);
});
