/** A piece of a page that may be put into another as it is. Only `html` makes one of text, and escapes what it is given. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: text is escaped, pieces are not, lists are joined, null and false leave nothing. */
export type Part = string | number | Html | null | undefined | false | readonly Part[];

/** A template of HTML: html`<b>${label}</b>`. Safe between tags and within quoted attributes; in no script, style or address. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = strings.flatMap((text, i) => (i < parts.length ? [text, textOf(parts[i])] : [text]));
  return new Html(pieces.join(""));
}

/** A piece that was made by something that escapes by itself (a chart), or by hand. */
export function trusted(text: string): Html {
  return new Html(text);
}

function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(textOf).join("");
  return escaped(String(part));
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it stands between tags and within quoted attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}

/** A name that may be broken after its underscores, dashes and slashes: labels and paths have no blanks. */
export function breakable(name: string): Html {
  return new Html(escaped(name).replace(/[_/-]+/g, "$&<wbr>"));
}

/** A value as JSON that may stand in a script element: no tag and no comment can end or begin in it. */
export function jsonInScript(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll("<", "\\u003c"));
}
