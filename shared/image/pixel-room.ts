/** Waits until so many pixels may be decoded, and returns what gives the room back. */
export type Room = (pixels: number) => Promise<() => void>;

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

/** Works on so many pixels once there is room for them. */
export async function within<Result>(
  room: Room,
  pixels: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const leave = await room(pixels);
  try {
    return await work();
  } finally {
    leave();
  }
}

/**
 * Works on a photo beside others and, where that fails, once more by itself: libvips has one error
 * text for all threads, so only a photo that fails by itself can say why.
 *
 * @param work takes its pixels' room from the one that it is given
 */
export async function besideOthersOrAlone<Result>(
  room: Room,
  work: (room: Room, isAlone: boolean) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(room, false);
  } catch {
    const alone: Room = () => Promise.resolve(() => undefined);
    return within(room, Number.MAX_SAFE_INTEGER, () => work(alone, true));
  }
}
