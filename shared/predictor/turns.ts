/** Lets work go on side by side, or one piece of it by itself. */
export interface Turns {
  beside<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Waits until all that goes on is done; what comes meanwhile waits for it. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function takingTurns(): Turns {
  const going = new Set<Promise<unknown>>();
  let lastAlone: Promise<unknown> = Promise.resolve();

  return {
    async beside(work) {
      for (let before: unknown = null; before !== lastAlone;) {
        before = lastAlone;
        await lastAlone;
      }
      const own = work();
      going.add(own);
      try {
        return await own;
      } finally {
        going.delete(own);
      }
    },
    alone(work) {
      const own = lastAlone.then(() => Promise.allSettled(going)).then(work);
      lastAlone = own.catch(() => undefined);
      return own;
    },
  };
}
