import type { IndexConfig } from "../../../../stages/index/config.ts";

/** The settings that flags on a command line give: --label-from name, --ignore "a/**". */
export function settingsOf(flags: string | null): Partial<IndexConfig> {
  const given = [...(flags ?? "").matchAll(/--([a-z-]+) (?:"([^"]*)"|(\S+))/g)];
  return Object.fromEntries(
    given.map(([, name = "", quoted, plain]) => [
      name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      quoted ?? plain ?? "",
    ]),
  );
}
