import { codeOf } from "./artifacts/store.ts";

/** Whether a process of this machine is still there. */
export function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    // EPERM: it runs, and is another user's.
    return codeOf(error) === "EPERM";
  }
}
