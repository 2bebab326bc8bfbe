import { supervised } from "../../../shared/supervised/supervised.ts";

/** A program that has a question answered and, told to, closes: else it forgets that. */
const opening = supervised<string, string>({
  where: "index",
  module: new URL("./fragile-child.ts", import.meta.url),
  argument: process.argv[2] ?? "",
  ...{ threads: 1, patience: 30_000, signal: new AbortController().signal },
});
await opening.ask("tell");
if (process.argv[3] === "close") await opening.close();
