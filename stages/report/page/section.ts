import type { Html } from "./html.ts";

/** A part of the page under a title of its own; the contents lead to it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}
