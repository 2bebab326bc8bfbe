import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** What the cores have done since the machine was started, in milliseconds of all of them together. */
export interface CoreTimes {
  readonly busy: number;
  readonly idle: number;
}

/** Share of the cores' time that others may take while they still count as idle. */
const most = 0.2;

/** Whether nobody else wants the cores: what they did for a moment in which this process waited. */
export async function coresAreIdle(milliseconds = 100): Promise<boolean> {
  const before = coreTimes();
  await sleep(milliseconds);
  return wereIdle(before, coreTimes());
}

/** Whether the cores were idle for most of the time between two moments. */
export function wereIdle(before: CoreTimes, after: CoreTimes): boolean {
  const [busy, idle] = [after.busy - before.busy, after.idle - before.idle];
  return busy + idle > 0 && busy / (busy + idle) < most;
}

function coreTimes(): CoreTimes {
  const times = cpus().map((core) => core.times);
  return {
    busy: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0),
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
  };
}
