import { existsSync, readdirSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { nearDuplicates } from "../../shared/near-duplicates.ts";
import { runIndex, temporaryFolder } from "../stages/index/photo-set.ts";
import { rowsIn, type ReadRow } from "../stages/index/read-index.ts";
import { hasPython, python } from "./python.ts";

const clothing = "../shared/data/clothing";

const kinds = ["dress", "hat", "pants", "shoes"];

/** Forty photos, and one copy of each: smaller, compressed more, or much smaller. */
async function withCopies(): Promise<string> {
  const root = await temporaryFolder();
  for (const kind of kinds) {
    const folder = path.join(clothing, "train", kind);
    await mkdir(path.join(root, kind));
    for (const [i, name] of readdirSync(folder).sort().slice(0, 10).entries()) {
      await copyFile(path.join(folder, name), path.join(root, kind, `${i}.jpg`));
      await copyOf(path.join(folder, name), i).then((copy) =>
        copy.toFile(path.join(root, kind, `${i}-copy.jpg`)),
      );
    }
  }
  return root;
}

async function copyOf(file: string, i: number) {
  const { width } = await sharp(file).metadata();
  if (i % 3 === 0)
    return sharp(file)
      .resize(Math.round(width / 2))
      .jpeg({ quality: 70 });
  if (i % 3 === 1) return sharp(file).jpeg({ quality: 40 });
  return sharp(file).resize(160).jpeg({ quality: 60 });
}

/** Each photo and its copy. */
function pairsIn(rows: readonly ReadRow[]): (readonly [ReadRow, ReadRow])[] {
  const byPath = new Map(rows.map((row) => [row.path, row]));
  return rows.flatMap((row) => {
    const copy = byPath.get(row.path.replace(".jpg", "-copy.jpg"));
    return copy === undefined ? [] : [[row, copy] as const];
  });
}

describe.skipIf(!existsSync(clothing))(`near-duplicates among real photos (needs ${clothing})`, () => {
  it("are one group on one side of the split, where the flag wants it", async () => {
    const root = await withCopies();
    const { workspace, facts, lines } = await runIndex(root, { valFraction: 0.2, nearDuplicates: 4 });
    const pairs = pairsIn(rowsIn(workspace));
    expect(pairs).toHaveLength(40);
    const apart = pairs.filter(([photo, copy]) => photo.group === null || photo.group !== copy.group);
    expect(apart.map(([photo]) => photo.path)).toEqual([]);
    expect(pairs.every(([photo, copy]) => photo.split === copy.split)).toBe(true);
    expect(facts).toMatchObject({ nearDuplicates: 0, nearDuplicateBits: 4, validation: 16 });
    expect(lines.at(-1)).toMatch(/^--near-duplicates 4: \d+ photos nearly repeat .* each on one side/);
  });

  it("are counted and said, where it does not", async () => {
    const root = await withCopies();
    const { workspace, facts, lines } = await runIndex(root, { valFraction: 0.2 });
    const straddling = pairsIn(rowsIn(workspace)).filter(([photo, copy]) => photo.split !== copy.split);
    expect(straddling.length).toBeGreaterThan(5);
    expect(Number(facts?.["nearDuplicates"])).toBeGreaterThanOrEqual(straddling.length);
    expect(lines.at(-1)).toMatch(/^\d+ validation photos? nearly repeats? .*: --near-duplicates 4 keeps/);
  });

  it.skipIf(!hasPython("imagehash"))(
    "have hashes that are ImageHash's but for the way of shrinking",
    async () => {
      const root = await withCopies();
      const { workspace } = await runIndex(root, { valFraction: 0.2 });
      const rows = rowsIn(workspace);
      const program = `import imagehash, json, sys
from PIL import Image
print(json.dumps([str(imagehash.phash(Image.open(path))) for path in sys.argv[1:]]))`;
      const theirs = JSON.parse(
        python("-c", program, ...rows.map((row) => path.join(root, row.path))),
      ) as string[];
      const bits = rows.map(
        (row, i) => nearDuplicates([row.perceptual_hash, theirs[i] ?? ""], 64)[0]?.distance ?? 64,
      );
      expect(Math.max(...bits)).toBeLessThanOrEqual(6);
      expect(bits.filter((distance) => distance <= 2).length).toBeGreaterThan(60);
    },
  );

  it.skipIf(!hasPython("duckdb", "polars", "pyarrow"))(
    "are named in index.arrow as pyarrow, polars and DuckDB read it",
    async () => {
      const root = await withCopies();
      await copyFile(
        path.join(clothing, "train/hat", readdirSync(`${clothing}/train/hat`).sort().at(-1) ?? ""),
        `${root}/hat/single.jpg`,
      );
      const { workspace } = await runIndex(root, { valFraction: 0.2, nearDuplicates: 4 });
      const program = `import duckdb, json, polars, pyarrow, sys
indexed = pyarrow.ipc.open_file(sys.argv[1]).read_all()
of = lambda rows: [[row["perceptual_hash"], row["group"]] for row in rows]
queried = duckdb.sql("select * from indexed").to_arrow_table()
print(json.dumps([of(indexed.to_pylist()), of(polars.read_ipc(sys.argv[1]).to_dicts()), of(queried.to_pylist())]))`;
      const read = JSON.parse(python("-c", program, path.join(workspace, "index.arrow"))) as unknown[];
      const written = rowsIn(workspace).map((row) => [row.perceptual_hash, row.group]);
      expect(read).toEqual([written, written, written]);
      expect(written.some(([, group]) => group === null)).toBe(true);
    },
  );
});
