import { z } from "zod";
import { unexpected } from "../errors.ts";
import type { ElementType, Tensor } from "../onnx/graph.ts";
import { widenedBfloat16, widenedFloat16 } from "./half-floats.ts";

/**
 * A tensor as a safetensors file holds it: its bytes are not converted before somebody asks for
 * numbers.
 */
export interface StoredTensor {
  /** the file's own name of its element type: "F32", "BF16", "I64", … */
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly bytes: Uint8Array;
}

const size = z.int().nonnegative();
const entries = z.record(
  z.string(),
  z.object({ dtype: z.string(), shape: z.array(size), data_offsets: z.tuple([size, size]) }),
);
type Entries = z.infer<typeof entries>;

/** Bytes of an element: the types of safetensors 0.8 that take whole bytes. */
const widths: Readonly<Record<string, number>> = {
  ...{ BOOL: 1, U8: 1, I8: 1, F8_E4M3: 1, F8_E5M2: 1, F8_E8M0: 1 },
  ...{ U16: 2, I16: 2, F16: 2, BF16: 2 },
  ...{ U32: 4, I32: 4, F32: 4 },
  ...{ U64: 8, I64: 8, F64: 8, C64: 8 },
};

const lengthBytes = 8;

/**
 * Reads a safetensors file: the header's length (8 bytes, little-endian), a JSON header, and the
 * tensors one after another with nothing between or behind them, which is checked.
 *
 * Source of the format: README.md of github.com/huggingface/safetensors, "Format".
 *
 * @param path for messages
 * @returns the tensors by name; they share memory with `bytes`
 * @throws PipelineError `artifact` where the bytes are no safetensors file, or a damaged one
 */
export function parseSafetensors(bytes: Uint8Array, path: string): Map<string, StoredTensor> {
  const start = lengthBytes + headerLength(bytes, path);
  const header = parsedHeader(bytes.subarray(lengthBytes, start), path);
  checkTiling(header, bytes.length - start, path);
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const count = shape.reduce((product, dim) => product * dim, 1);
        const width = widths[dtype];
        if (width !== undefined && to - from !== count * width)
          throw damaged(
            path,
            `${count * width} bytes of ${name}, ${dtype} [${shape.join(", ")}],`,
            to - from,
          );
        return [name, { dtype, dims: shape, bytes: bytes.subarray(start + from, start + to) }];
      },
    ),
  );
}

/**
 * The numbers of a stored tensor, half floats widened (which loses nothing).
 *
 * @throws PipelineError `usage` naming the tensor where it holds anything else than floats of 16 or
 * 32 bits
 */
export function float32Tensor({ dtype, dims, bytes }: StoredTensor, name: string, path: string): Tensor {
  switch (dtype) {
    case "F32":
      return { type: "float32", dims, data: float32View(bytes) };
    case "F16":
      return { type: "float32", dims, data: widenedFloat16(bytes) };
    case "BF16":
      return { type: "float32", dims, data: widenedBfloat16(bytes) };
    default:
      throw unexpected("usage", {
        where: "backbone",
        expected: "F32, F16 or BF16",
        subject: name,
        got: `${dtype} in ${path}`,
        hint: "save the weights in float32, unquantised",
      });
  }
}

/**
 * In place where the bytes are aligned. Little-endian, as every platform of onnxruntime-node has
 * floats in memory.
 */
function float32View(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % Float32Array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  return new Float32Array(aligned.buffer, aligned.byteOffset, bytes.length / Float32Array.BYTES_PER_ELEMENT);
}

function headerLength(bytes: Uint8Array, path: string): number {
  if (bytes.length < lengthBytes) throw damaged(path, "at least 8 bytes", bytes.length);
  // A .pth file of torch.save is a zip archive.
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) throw damaged(path, "a safetensors file", "a zip archive");
  const view = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes);
  const length = Number(view.getBigUint64(0, true));
  if (length <= bytes.length - lengthBytes) return length;
  throw damaged(path, `a header of ${length} bytes`, `${bytes.length - lengthBytes}`);
}

function parsedHeader(bytes: Uint8Array, path: string): Entries {
  try {
    const json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Record<
      string,
      unknown
    >;
    // Free text, which says nothing of the tensors.
    delete json["__metadata__"];
    return entries.parse(json);
  } catch (cause) {
    throw damaged(path, "a JSON header of names, types, shapes and offsets", "another one", cause);
  }
}

/**
 * Every byte behind the header belongs to one tensor: what is too short, too long or told twice
 * shows here.
 */
function checkTiling(header: Entries, length: number, path: string): void {
  let at = 0;
  const inOrder = Object.entries(header).sort(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  );
  for (const [
    name,
    {
      data_offsets: [from, to],
    },
  ] of inOrder) {
    if (from !== at || to < from)
      throw damaged(path, `the bytes of ${name} from ${at} on`, `${from} to ${to}`);
    at = to;
  }
  if (at !== length) throw damaged(path, `${at} bytes of tensors`, length);
}

function damaged(path: string, expected: string, got: string | number, cause?: unknown) {
  return unexpected("artifact", {
    where: "backbone",
    expected,
    subject: path,
    got: `${got}`,
    hint: "fetch it again, or write it anew: safetensors.torch.save_file(network.state_dict(), path)",
    cause,
  });
}

/** Names of element types in the files. */
const dtypes: Partial<Record<ElementType, string>> = { float32: "F32", uint8: "U8" };

/** A file of tensors, in the order of the map: floats first, so that they lie aligned. */
export function serializeSafetensors(tensors: ReadonlyMap<string, Tensor>): Uint8Array {
  const floatsFirst = [...tensors].sort(
    ([, a], [, b]) => Number(a.type === "uint8") - Number(b.type === "uint8"),
  );
  const header: Record<string, unknown> = {};
  let at = 0;
  for (const [name, { type, dims, data }] of floatsFirst) {
    const dtype = dtypes[type];
    if (dtype === undefined) throw new Error(`safetensors: no ${type}`);
    header[name] = { dtype, shape: dims, data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const start = lengthBytes + Math.ceil(text.length / 8) * 8;
  const file = Buffer.alloc(start + at, " ");
  file.writeBigUInt64LE(BigInt(start - lengthBytes), 0);
  file.set(text, lengthBytes);
  at = start;
  for (const [, { data }] of floatsFirst) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}
