/**
 * Names of columns, as people and competitions use them; compared without case, blanks and dashes.
 */

/** A name as it is compared. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
}

/** Whether a column's name says that it holds labels. */
export function isLabelName(name: string): boolean {
  return /^(true)?(label|class|category|target|breed|species|diagnosis|tag|wnid|dx|y)(es|s|name|names|id|ids|index|text|title)?$|(label|class|category|breed|species)$/.test(
    plainName(name),
  );
}

/** The names that win over every other label column's. */
export function isPlainLabelName(name: string): boolean {
  return /^labels?$/.test(plainName(name));
}

/** Whether a column's name says that it names photos. */
export function isIdName(name: string): boolean {
  const plain = plainName(name);
  return (
    plain !== "" &&
    /^(path|file|filename|filepath|image|img|photo|picture|uri)?(path|file|filename|name|id|idcode|image|img|photo|uri)?$/.test(
      plain,
    )
  );
}

/** Whether a column's name says that it holds the parts of a set. */
export function isSplitName(name: string): boolean {
  return /^(data)?(split|set|subset|partition|phase|part|usage|fold|kfold)(name|id|s)?$/.test(
    plainName(name),
  );
}

/** A column of yes and no on one part: whether a row is in it. */
export function partAskedBy(name: string): "train" | "validation" | "test" | null {
  const asked = /^is(train|training|val|valid|validation|test|testing)(img|image|set)?$/.exec(
    plainName(name),
  );
  const [, part = ""] = asked ?? [];
  if (asked === null) return null;
  return part.startsWith("train") ? "train" : part.startsWith("val") ? "validation" : "test";
}

/**
 * Whether a column's name tells of something that is no label: a row number, a size, a box, a
 * digest.
 */
export function isAsideName(name: string): boolean {
  return /^(|unnamed\d*|index|rownumber|row|no|nr|width|height|w|h|depth|channels|size|filesize|bytes|md5|sha\d*|hash|checksum|url|uri|link|date|time|timestamp|datetime|x|xmin|ymin|xmax|ymax|x1|y1|x2|y2|bbox\w*|lat|latitude|lon|long|longitude|author|licen[cs]e|source|photographer|copyright|caption|description|score|confidence|probability)$/.test(
    plainName(name),
  );
}

/**
 * Whether a column's name tells of something that several photos may show: they belong on one side.
 */
export function isGroupHint(name: string): boolean {
  return /^(patient|subject|person|case|animal|individual|plot|session|site|video|lesion|plant|slide)(id|number|name)?$/.test(
    plainName(name),
  );
}
