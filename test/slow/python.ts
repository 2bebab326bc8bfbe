import { execFileSync } from "node:child_process";

const interpreter = process.env["PYTHON"] ?? "python3";

/**
 * Whether the oracles can be asked: a Python with these modules. A machine that has none skips their tests; where `$PYTHON`
 * is given (as in CI) it must have them, so that nothing is skipped there unseen.
 */
export function hasPython(...modules: readonly string[]): boolean {
  try {
    execFileSync(interpreter, ["-c", `import ${modules.join(", ")}`], { stdio: "pipe" });
    return true;
  } catch (error) {
    if (process.env["PYTHON"] === undefined) return false;
    throw new Error(`$PYTHON needs ${modules.join(", ")}: see test/requirements.txt`, { cause: error });
  }
}

/** Runs Python, and answers what it printed. */
export function python(...args: readonly string[]): string {
  return execFileSync(interpreter, args, { encoding: "utf8", maxBuffer: 1 << 28 });
}
