import { expect, it } from "vitest";
import { pixelRoom } from "../../../shared/image/pixel-room.ts";

it("lets photos in up to the bound, and a larger one alone, in turn", async () => {
  const room = pixelRoom(10);
  const log: string[] = [];
  const enter = async (name: string, pixels: number) => {
    const leave = await room(pixels);
    log.push(name);
    return leave;
  };
  const leaveA = await enter("a", 6);
  const leaveB = await enter("b", 4);
  const huge = enter("huge", 1000);
  const c = enter("c", 1);
  await Promise.resolve();
  expect(log).toEqual(["a", "b"]);
  leaveA();
  await Promise.resolve();
  expect(log).toEqual(["a", "b"]);
  leaveB();
  const leaveHuge = await huge;
  expect(log).toEqual(["a", "b", "huge"]);
  leaveHuge();
  (await c)();
  expect(log).toEqual(["a", "b", "huge", "c"]);
});
