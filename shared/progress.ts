import { SingleBar } from "cli-progress";
import { lookWith, plainVoice, type Voice } from "./voice.ts";

/** A long step's bar: how far, how fast, how long still. */
export interface Bar {
  advance(steps?: number): void;
  done(): void;
}

/** What a stage says while it works. */
export interface Progress {
  line(text: string): void;
  bar(label: string, total: number, unit: string): Bar;
}

/** Bars on a terminal; elsewhere plain lines, at most one in ten seconds. A quiet voice says nothing. */
export function terminalProgress(
  stage: string,
  voice: Voice = plainVoice,
  output: NodeJS.WriteStream = process.stderr,
): Progress {
  if (voice.quiet) return silence;
  const speaker = lookWith(voice.colours.messages).speaker(`${stage}:`);
  const line = (text: string) => void output.write(`${speaker} ${text}\n`);
  const bar = output.isTTY ? drawnBar : printedBar;
  return { line, bar: (label, total, unit) => bar({ speaker, label, total, unit, output, line }) };
}

/** Progress as plain lines, for whoever wants to hear them. */
export function spokenProgress(line: (text: string) => void): Progress {
  return { line, bar: (label, total, unit) => printedBar({ label, total, unit, line }) };
}

const silence: Progress = {
  line: () => undefined,
  bar: () => ({ advance: () => undefined, done: () => undefined }),
};

interface BarOptions {
  speaker: string;
  label: string;
  total: number;
  unit: string;
  output: NodeJS.WriteStream;
  line: (text: string) => void;
}

function drawnBar({ speaker, label, total, unit, output, line }: BarOptions): Bar {
  const started = performance.now();
  const bar = new SingleBar({
    format: `${speaker} ${label} {bar} {value}/{total} ${unit}, {rate}/s, {eta_formatted} left`,
    stream: output,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
  });
  let done = 0;
  bar.start(total, 0, { rate: "–" });
  return {
    advance(steps = 1) {
      done += steps;
      bar.update(done, { rate: rate(done, started) });
    },
    done() {
      bar.stop();
      line(summary(label, done, unit, started));
    },
  };
}

const linesApart = 10_000;

function printedBar({
  label,
  total,
  unit,
  line,
}: Pick<BarOptions, "label" | "total" | "unit" | "line">): Bar {
  const started = performance.now();
  let done = 0;
  let said = started;
  return {
    advance(steps = 1) {
      done += steps;
      const now = performance.now();
      if (now - said < linesApart || done >= total) return;
      said = now;
      const left = Math.ceil((((now - started) / 1000) * (total - done)) / done);
      line(`${label} ${done}/${total} ${unit}, ${rate(done, started)}/s, ${left} s left`);
    },
    done() {
      line(summary(label, done, unit, started));
    },
  };
}

function rate(done: number, started: number): string {
  const perSecond = (done * 1000) / Math.max(1, performance.now() - started);
  return perSecond.toFixed(perSecond < 1 ? 2 : 0);
}

function summary(label: string, done: number, unit: string, started: number): string {
  const seconds = (performance.now() - started) / 1000;
  return `${label} ${done} ${unit} in ${seconds.toFixed(1)} s (${rate(done, started)}/s)`;
}
