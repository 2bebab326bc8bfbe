/** The layouts that there is a reader for; the words of `--layout`. */
export const layoutNames = [
  "table",
  "part-tables",
  "part-folders",
  "class-folders",
  "class-part-folders",
  "file-names",
  "unlabelled",
] as const;

export type LayoutName = (typeof layoutNames)[number];
