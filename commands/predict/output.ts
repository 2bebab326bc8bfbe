import Table from "cli-table3";
import type { Json } from "../../shared/artifacts/types.ts";
import { type Answered, answerJson, type AnswerTable, csvLine } from "./answers.ts";
import { newFile } from "./new-file.ts";

/** Where the answers go, as they come. */
export interface Output {
  add(answered: Answered): Promise<void>;
  /** What is printed of it in the end, for a person and for a machine. */
  finish(): Promise<{ readonly text: string; readonly json: Readonly<Record<string, Json>> }>;
  /** Leaves nothing half done behind; changes nothing that is finished. */
  abandon(): Promise<void>;
}

/** Answers that are printed: as a table to read, or as CSV. */
export function printed(table: AnswerTable, top: number, form: "table" | "csv"): Output {
  const answers: Answered[] = [];
  return {
    add(answered) {
      answers.push(answered);
      return Promise.resolve();
    },
    finish() {
      const rows = answers.map(table.row);
      const lines = () => [table.head, ...rows].map((cells) => csvLine(cells, table.delimiter));
      const text = form === "table" ? drawn(table.head, rows) : lines().join("");
      return Promise.resolve({ text, json: { answers: answers.map((each) => answerJson(each, top)) } });
    },
    abandon: () => Promise.resolve(),
  };
}

/** Answers that become a CSV file, which is there whole or not at all. */
export async function written(file: string, table: AnswerTable): Promise<Output> {
  const content = await newFile(file);
  await content.write(csvLine(table.head, table.delimiter));
  let rows = 0;
  return {
    add: (answered) => content.write(csvLine(table.row(answered, rows++), table.delimiter)),
    async finish() {
      await content.finish();
      return { text: "", json: { out: file } };
    },
    abandon: () => content.abandon(),
  };
}

function drawn(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => row.map(shortened)));
  return `${table.toString()}\n`;
}

/** A number in four digits, which are enough to read. */
function shortened(cell: string): string {
  const number = Number(cell);
  return cell !== "" && number >= 0 && number <= 1 ? number.toFixed(4) : cell;
}
