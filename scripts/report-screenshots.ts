/**
 * Makes the pictures of reports that README and docs/ show: docs/images/report-*.png.
 *
 *     npx tsx scripts/report-screenshots.ts CLOTHING/report.html DOGS/report.html
 *
 * The photos of clothing are CC0. Those of the dogs are not shown: parts with photos are left out, and whatever images there are, hidden.
 */
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import sharp from "sharp";

const folder = path.resolve(import.meta.dirname, "../docs/images");
const [clothing, dogs] = process.argv.slice(2);
if (clothing === undefined || dogs === undefined)
  throw new Error("give two files: the report of clothing, the report of dogs-90px");

/** What is seen of a report in a picture. */
interface Picture {
  readonly file: string;
  readonly width: number;
  readonly dark?: boolean;
  /** the parts of the page that are shown, by id, below its top; the others are left out */
  readonly parts: readonly string[];
  readonly photos: boolean;
  /** pixels of the page that are shown; null: all */
  readonly height: number | null;
  /** whether a photo is held under the pointer on the map */
  readonly hover?: boolean;
}

const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
await mkdir(folder, { recursive: true });
const desktop = { width: 1280, photos: true, height: null };
await save(
  "report-clothing.png",
  await pictured(browser, {
    ...{ ...desktop, file: clothing, parts: ["curves", "confusion", "map"] },
    hover: true,
  }),
);
await save(
  "report-clothing-dark.png",
  await pictured(browser, {
    ...{ ...desktop, file: clothing, parts: ["calibration", "labels", "mistakes"] },
    ...{ dark: true, height: 1750 },
  }),
);
await save(
  "report-dogs.png",
  await pictured(browser, {
    ...{ ...desktop, file: dogs, photos: false },
    parts: ["scores", "classes", "confusion", "calibration"],
  }),
);
await save("report-phone.png", await phones(browser, clothing));
await browser.close();

/** A picture of a report, as PNG. */
async function pictured(browser: Browser, picture: Picture): Promise<Buffer> {
  const { file, width, dark = false, parts, photos, height, hover = false } = picture;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
  });
  const page = await context.newPage();
  await page.goto(`file://${path.resolve(file)}`);
  const shown = parts.map((id) => `#${id}`).join();
  await page.addStyleTag({
    content: `section:not(${shown}), .contents li:not(:has(${parts.map((id) => `[href="#${id}"]`).join()})), footer { display: none }
      main { padding-bottom: 2rem } section { margin-top: 2.6rem }
      ${photos ? "" : "img, .photos, canvas { display: none }"}`,
  });
  await page.evaluate(
    "Promise.all([...document.images].map((image) => { image.loading = 'eager'; return image.decode().catch(() => {}); }))",
  );
  if (hover) await holdPhoto(page);
  const whole = await page.evaluate<number>("document.querySelector('main').getBoundingClientRect().bottom");
  const clip = { x: 0, y: 0, width, height: Math.round(Math.min(whole, height ?? whole)) };
  const image = await page.screenshot({ fullPage: true, clip });
  await context.close();
  return image;
}

/** Shows a photo of the map as if a mouse pointed at it: a real one would be left behind where a picture of the whole page scrolls. */
async function holdPhoto(page: Page): Promise<void> {
  await page.evaluate(`(() => {
    const svg = document.querySelector(".map svg");
    const { points } = JSON.parse(document.querySelector("#map-points").textContent);
    const [x, y] = points[Math.floor(points.length / 3)];
    const at = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
    svg.dispatchEvent(new PointerEvent("pointermove", { pointerType: "mouse", clientX: at.x, clientY: at.y }));
  })()`);
}

/** Three parts of a report as a phone shows them, side by side. */
async function phones(browser: Browser, file: string): Promise<Buffer> {
  const [width, height, gap] = [390, 844, 24];
  const parts = ["top", "confusion", "map"];
  const images = await Promise.all(
    parts.map(async (part, i) => {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: i === 1 ? "dark" : "light",
      });
      const page = await context.newPage();
      await page.goto(`file://${path.resolve(file)}`);
      await page.evaluate(`document.documentElement.style.scrollBehavior = "auto"`);
      await page.evaluate(`document.querySelector("#${part}").scrollIntoView()`);
      if (part === "map") await holdPhoto(page);
      const image = await page.screenshot();
      await context.close();
      return image;
    }),
  );
  return sharp({
    create: {
      ...{ width: 3 * width + 4 * gap, height: height + 2 * gap, channels: 3 },
      background: "#8a9099",
    },
  })
    .composite(images.map((input, i) => ({ input, left: gap + i * (width + gap), top: gap })))
    .png()
    .toBuffer();
}

/** Writes a picture with as few colours as it can do with. */
async function save(name: string, image: Buffer): Promise<void> {
  const file = path.join(folder, name);
  await sharp(image).png({ palette: true, quality: 85, effort: 10, dither: 0.6 }).toFile(file);
  const { size } = await stat(file);
  process.stdout.write(`docs/images/${name}: ${Math.round(size / 1000)} kB\n`);
}
