/** A count and its noun, or the sentence that begins with it: "1 photo", "3,409 photos", "2 photos repeat". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString("en")} ${value === 1 ? one : many}`;
}
