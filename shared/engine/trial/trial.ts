import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { typescriptLoader } from "../../typescript.ts";
import { acceleratorEnvironment } from "../environment.ts";
import type { ComputeDevice, Engine } from "../engine.ts";
import type { TrialGraph } from "./graph.ts";

/** An engine to be tried in a process of its own. */
export interface Trial extends TrialGraph {
  readonly engine: string;
  readonly device: ComputeDevice;
  readonly threads: number;
  /** for how long the graph is run over and over, after a first run that is not counted */
  readonly seconds: number;
}

/** What came of it. */
export type Outcome =
  | {
      readonly works: true;
      readonly library: Engine["library"];
      /** of the fastest run, and of `cpu`'s fastest */
      readonly milliseconds: number;
      readonly cpuMilliseconds: number;
      /**
       * of each output, the largest difference from what `cpu` gives, as a share of its largest
       * value there
       */
      readonly differences: Readonly<Record<string, number>>;
    }
  | { readonly works: false; readonly why: string; readonly hint: string };

const child = fileURLToPath(new URL("child.ts", import.meta.url));

/** The longest that a trial may take: loading a framework, compiling for the GPU, and the runs. */
const longest = 180_000;

/** Tries an engine. Whatever happens to its process, a crash among it, is an outcome. */
export function tryEngine(trial: Trial): Promise<Outcome> {
  return new Promise((resolve) => {
    const running = fork(child, {
      execArgv: typescriptLoader(),
      env: { ...process.env, ...acceleratorEnvironment() },
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      timeout: longest,
    });
    let said = "";
    let outcome: Outcome | null = null;
    running.stderr?.on("data", (bytes: Buffer) => (said += bytes.toString()));
    running.on("message", (message) => (outcome = message as Outcome));
    running.on("error", (error) => {
      resolve({ works: false, why: error.message, hint: "" });
    });
    running.on("close", (code, signal) => {
      resolve(outcome ?? { works: false, why: `its process ended ${endOf(code, signal, said)}`, hint: "" });
    });
    running.send(trial);
  });
}

function endOf(code: number | null, signal: string | null, said: string): string {
  const lines = said.trim().split("\n");
  const words = (lines.find((line) => line.includes("Error:")) ?? lines.at(-1) ?? "").trim();
  return `by ${signal ?? `exit status ${code ?? "unknown"}`}${words === "" ? "" : ` ("${words}")`}`;
}
