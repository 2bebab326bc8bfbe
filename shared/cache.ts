import { homedir } from "node:os";
import path from "node:path";

/** Where this project keeps what is fetched once for all of a user's runs. */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const fallback = platform === "win32" ? path.join(home(), "AppData", "Local") : path.join(home(), ".cache");
  const given = platform === "win32" ? environment["LOCALAPPDATA"] : environment["XDG_CACHE_HOME"];
  return path.join(given === undefined || given === "" ? fallback : given, "image-finetune");
}

/**
 * Without HOME, a user that the system has no name for (`docker run --user 12345`) has none: the
 * root then, as in Docker.
 */
function home(): string {
  try {
    return homedir();
  } catch {
    return path.parse(process.cwd()).root;
  }
}
