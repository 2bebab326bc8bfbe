import { expect, test } from "vitest";
import { isJunkName } from "../../shared/junk-files.ts";

test.each([
  ...["@eaDir", "#recycle", "$RECYCLE.BIN", "$Recycle.Bin", "System Volume Information", "__MACOSX"],
  ...["lost+found", ".AppleDouble", ".Spotlight-V100", ".Trashes", ".Trash-1000", ".ipynb_checkpoints"],
  ...[".git", "Thumbs.db", "thumbs.db", "ehthumbs.db", "desktop.ini", ".DS_Store", "Icon\r", "._1.jpg"],
  ...[".thumbnails", ".picasa.ini", "Picasa.ini", ".@__thumb", "_thumb", "SYNOPHOTO_THUMB_M.jpg"],
  ...["FOUND.000", "1.jpg@SynoEAStream", ".nfs000000000000a1b200000001"],
])("%j is junk", (name) => {
  expect(isJunkName(name)).toBe(true);
});

test.each([
  ...["1.jpg", "icon", "recycle", "Recycled", "thumb", "thumbs", "found", "trash", "git", "snapshot"],
  ...["eaDir", "MACOSX", "1_thumb.jpg", "desktop", "tmp", "_1.jpg", ".hidden.jpg", "#1.jpg", "@cat"],
])("%j may be a photo or a class", (name) => {
  expect(isJunkName(name)).toBe(false);
});
