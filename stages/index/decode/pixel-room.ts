import type { Room } from "./open-photo.ts";

/**
 * Bounds the pixels that are decoded at once: many small photos side by side, a huge one by itself.
 *
 * @param most pixels at once; a photo of more waits until it is alone
 * @returns a function that waits for room and returns what gives it back
 */
export function pixelRoom(most: number): Room {
  const waiting: { pixels: number; enter: () => void }[] = [];
  let inside = 0;
  let used = 0;

  const admit = () => {
    for (;;) {
      const first = waiting[0];
      if (first === undefined || (inside > 0 && used + first.pixels > most)) return;
      waiting.shift();
      inside++;
      used += first.pixels;
      first.enter();
    }
  };

  return (pixels) =>
    new Promise((resolve) => {
      const leave = () => {
        inside--;
        used -= pixels;
        admit();
      };
      waiting.push({
        pixels,
        enter: () => {
          resolve(leave);
        },
      });
      admit();
    });
}
