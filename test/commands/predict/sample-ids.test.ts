import { expect, test } from "vitest";
import { photosById } from "../../../commands/predict/sample-ids.ts";

const names = ["103.jpg", "a/1.jpg", "b/1.png", "b/007.jpg", "b/Dog 1.JPG", "caf\u00e9.jpg", "v1.2.jpg"];
const ids = photosById(names.map((id) => ({ id, file: `/sets/test/${id}` })));
const found = (id: string) => ids.find(id).map((photo) => photo.id);

test.each([
  ["103", "103.jpg"],
  ["103.jpg", "103.jpg"],
  ["./103.jpg", "103.jpg"],
  ["test/103", "103.jpg"],
  ["test\\103.jpg", "103.jpg"],
  ["/sets/test/103.jpg", "103.jpg"],
  ["C:\\sets\\test\\103.jpg", "103.jpg"],
  ["a/1", "a/1.jpg"],
  ["1.png", "b/1.png"],
  ["cafe\u0301", "caf\u00e9.jpg"],
  ["v1.2", "v1.2.jpg"],
])("%s means the photo %s", (id, photo) => {
  expect(found(id)).toEqual([photo]);
});

test("an id that several photos have means all of them, unless it is the whole path of one", () => {
  expect(found("1")).toEqual(["a/1.jpg", "b/1.png"]);
  const nested = photosById(["1.jpg", "x/1.jpg"].map((id) => ({ id, file: `/sets/${id}` })));
  expect(nested.find("1")).toMatchObject([{ id: "1.jpg" }]);
});

test.each(["7", "7.jpg", "103.png", "train/103.jpg", "dog 1.jpg", "est/103.jpg", ""])(
  "%j means none, as it is not guessed",
  (id) => {
    expect(found(id)).toEqual([]);
  },
);

test.each([
  ["7", "b/007.jpg"],
  ["103.png", "103.jpg"],
  ["train/103.jpg", "103.jpg"],
  ["dog 1", "b/Dog 1.JPG"],
])("the nearest to %s is %s", (id, photo) => {
  expect(ids.nearest(id)?.id).toBe(photo);
});
