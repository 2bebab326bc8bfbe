import { accessSync, constants } from "node:fs";
import { tmpdir } from "node:os";

// JavaScript, since it is imported before tsx (.npmrc), which keeps what it compiles in the system's folder for
// temporary files and ends the process where that cannot be written. Without it, everything is compiled each time.
try {
  accessSync(tmpdir(), constants.W_OK | constants.X_OK);
} catch {
  process.env["TSX_DISABLE_CACHE"] = "1";
}
