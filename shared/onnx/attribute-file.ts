import { unexpected } from "../errors.ts";
import type { Attribute, Tensor } from "./graph.ts";
import type { Draft, Int64, Message } from "./schema.ts";
import { bigintOf, noExternalData, parseTensor, tensorMessage } from "./tensor-file.ts";

/** AttributeProto.AttributeType of onnx.proto. */
const kind = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;

const otherKinds: Readonly<Record<number, string>> = {
  5: "a subgraph",
  9: "a list of tensors",
  10: "a list of subgraphs",
  11: "a sparse tensor",
  12: "a list of sparse tensors",
  13: "a type",
  14: "a list of types",
};

/**
 * @throws PipelineError `usage` naming node and attribute where it is a subgraph or another kind
 * that no graph here holds
 */
export function parseAttribute(
  message: Message<"AttributeProto">,
  node: string,
  readExternal = noExternalData,
): Attribute {
  const subject = `${node}.${message.name}`;
  switch (message.type) {
    case kind.float:
      return { float: message.f };
    case kind.int:
      return intOf(message.i, subject);
    case kind.string:
      return Buffer.from(message.s).toString("utf8");
    case kind.floats:
      return { floats: [...message.floats] };
    case kind.ints:
      return message.ints.map((value) => intOf(value, subject));
    case kind.strings:
      return message.strings.map((value) => Buffer.from(value).toString("utf8"));
    case kind.tensor:
      if (message.t !== null) return parseTensor(message.t, subject, readExternal);
  }
  throw unexpected("usage", {
    where: "onnx",
    expected: "a number, a text, a tensor or a list of numbers or texts",
    subject,
    got: otherKinds[message.type] ?? `attribute type ${message.type}`,
  });
}

export function attributeMessage(name: string, value: Attribute): Draft<"AttributeProto"> {
  if (typeof value === "number") return { name, type: kind.int, i: int64Of(value, name) };
  if (typeof value === "string") return { name, type: kind.string, s: Buffer.from(value) };
  if (isList(value)) return listMessage(name, value);
  if ("float" in value) return { name, type: kind.float, f: value.float };
  if ("floats" in value) return { name, type: kind.floats, floats: value.floats };
  return { name, type: kind.tensor, t: tensorMessage(value, "") };
}

/** An empty list is one of ints: no operator tells the two apart. */
function listMessage(name: string, list: readonly (number | string)[]): Draft<"AttributeProto"> {
  if (list.some((item) => typeof item === "string"))
    return { name, type: kind.strings, strings: list.map((text) => Buffer.from(String(text))) };
  return { name, type: kind.ints, ints: list.map((item) => int64Of(Number(item), name)) };
}

function isList(
  value: Exclude<Attribute, number | string>,
): value is Exclude<Attribute, number | string | Tensor | { float: number } | { floats: readonly number[] }> {
  return Array.isArray(value);
}

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

/** Exact up to 2^53, beyond it only the two ends, which operators use for "as far as it goes". */
function intOf(value: Int64, subject: string): number {
  const int = bigintOf(value);
  const number = Number(int);
  if (Number.isSafeInteger(number) || int === smallest || int === largest) return number;
  throw unexpected("usage", {
    where: "onnx",
    expected: "an integer up to 2^53",
    subject,
    got: int.toString(),
  });
}

function int64Of(number: number, subject: string): number | Int64 {
  if (Number.isSafeInteger(number)) return number;
  if (Math.abs(number) === 2 ** 63) {
    const end = number > 0 ? largest : smallest;
    return { low: Number(BigInt.asIntN(32, end)), high: Number(end >> 32n) };
  }
  throw new RangeError(
    `attribute ${subject}: ${number} is not an integer; a float is written { float: ${number} }`,
  );
}
