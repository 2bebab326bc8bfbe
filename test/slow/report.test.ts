import { readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { persistentFolder } from "../folder.ts";
import { hasChromium, openWatched, startChromium } from "./chromium.ts";
import { fewClothes, hasSharedPhotos, pipeline } from "./command-line.ts";

/** A class whose name is markup wherever it is not escaped. */
const hostile = `hats & <b title="caps">`;

const folder = persistentFolder();
const file = path.join(folder, "artifacts/report.html");

// Without the shared photos and a browser there is nothing to open: these tests are skipped there, and say so.
describe.skipIf(!hasSharedPhotos || !hasChromium)("report.html of a few photos of clothes", () => {
  let browser: Browser;

  beforeAll(async () => {
    const photos = fewClothes(path.join(folder, "clothes"), 24);
    renameSync(path.join(photos, "hat"), path.join(photos, hostile));
    const made = await pipeline(folder, "all", "--data", photos, "--epochs", "6");
    expect(made, made.output).toMatchObject({ status: 0 });
    browser = await startChromium();
  });

  afterAll(async () => {
    await browser.close();
  });

  it("asks for nothing and complains of nothing, light and dark, wide and narrow", async () => {
    for (const width of [1280, 390])
      for (const dark of [false, true]) {
        const { page, complaints, requests } = await openWatched(browser, file, { width, dark });
        await page.locator("summary").first().click();
        expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
        await page.close();
      }
  });

  it("says at the top how well it went, with the photos and classes", async () => {
    const { page } = await openWatched(browser, file);
    expect(await page.locator("h1").innerText()).toMatch(/^[\d.]+\s% of \d+ validation photos recognised$/);
    expect(await page.locator("header").innerText()).toContain("72 photos of 3 classes");
    await page.close();
  });

  it("shows a class's name as it is, markup and all", async () => {
    const { page } = await openWatched(browser, file);
    const names = await page.locator("#classes tbody th").allInnerTexts();
    expect(names.sort()).toEqual(["dress", hostile, "shoes"]);
    expect(await page.locator('b[title="caps"]').count()).toBe(0);
    await page.close();
  });

  it("sorts a table by the title that is pressed, by mouse and by keyboard", async () => {
    const { page } = await openWatched(browser, file);
    const title = page.locator("#classes thead th").first();
    await title.locator("button").click();
    expect(await title.getAttribute("aria-sort")).toBe("ascending");
    expect(await page.locator("#classes tbody th").allInnerTexts()).toEqual(["dress", hostile, "shoes"]);
    await title.locator("button").press("Enter");
    expect(await title.getAttribute("aria-sort")).toBe("descending");
    expect(await page.locator("#classes tbody th").allInnerTexts()).toEqual(["shoes", hostile, "dress"]);
    await page.close();
  });

  it("shows a photo where the map is hovered over, touched or walked by keys", async () => {
    const { page } = await openWatched(browser, file);
    const tip = page.locator(".map .tip");
    expect(await tip.isVisible()).toBe(false);
    const [x, y] = await placeOfDot(page);
    await page.mouse.move(x, y);
    await tip.waitFor();
    expect(await tip.innerText()).toMatch(/(train|validation): .*\.jpg/);
    expect(await coloursShown(page)).toBeGreaterThan(20);
    await page.locator(".map svg").focus();
    await page.keyboard.press("ArrowRight");
    const first = await tip.innerText();
    await page.keyboard.press("ArrowRight");
    expect(await tip.innerText()).not.toBe(first);
    await page.keyboard.press("Escape");
    expect(await tip.isVisible()).toBe(false);
    await page.close();

    const touched = (await openWatched(browser, file, { width: 390, touch: true })).page;
    const [left, top] = await placeOfDot(touched);
    await touched.touchscreen.tap(left, top);
    await touched.locator(".map .tip").waitFor();
    expect(await touched.locator(".map .tip").innerText()).toContain(".jpg");
    await touched.close();
  });

  it("lights up one class on the map", async () => {
    const { page } = await openWatched(browser, file);
    const button = page.locator(".choose button").first();
    await button.click();
    expect(await button.getAttribute("aria-pressed")).toBe("true");
    expect(await page.locator(".map path.on").count()).toBe(1);
    await button.click();
    expect(await page.locator(".map path.on").count()).toBe(0);
    await page.close();
  });

  it("is dark where the reader's system is, and where the reader says so", async () => {
    const background = (page: Page) => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = (await openWatched(browser, file)).page;
    const dark = (await openWatched(browser, file, { dark: true })).page;
    const [byDay, byNight] = [await background(light), await background(dark)];
    expect(byNight).not.toBe(byDay);
    await light.locator("button.theme").click();
    expect(await background(light)).toBe(byNight);
    await Promise.all([light.close(), dark.close()]);
  });

  it("needs no scrolling sideways on a phone", async () => {
    const { page } = await openWatched(browser, file, { width: 390 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    await page.close();
  });

  it("reads as text without its script", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`file://${file}`);
    expect(await page.locator("button.theme").isVisible()).toBe(false);
    expect(await page.locator("#curves svg").count()).toBe(2);
    await context.close();
  });

  it("gives the command that makes it again, and is small", () => {
    const command = /npx zx pipeline\.ts all [^<]*/.exec(readFileSync(file, "utf8"))?.[0];
    expect(command).toBe("npx zx pipeline.ts all --data clothes --engine cpu --device cpu --epochs 6");
    expect(statSync(file).size).toBeLessThan(1_000_000);
  });

  it("is the same page when it is made again, and is not made where it is there", async () => {
    const before = readFileSync(file, "utf8");
    rmSync(path.join(folder, "artifacts/report"), { recursive: true });
    const again = await pipeline(folder, "report");
    expect(again.status, again.output).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(before);
    expect((await pipeline(folder, "report")).output).toContain("is there, nothing to do");
  });

  it("sets another run beside this one, by its name, and says what differs", async () => {
    const other = await pipeline(folder, "all", "--data", "clothes", "--epochs", "1", "--run", "short");
    expect(other.status, other.output).toBe(0);
    const compared = await pipeline(folder, "report", "--compare", "short");
    expect(compared.status, compared.output).toBe(0);
    const { page, complaints } = await openWatched(browser, file);
    const text = await page.locator("#comparison").innerText();
    expect(text).toContain("McNemar");
    const differing = page.locator('table[aria-label="Settings that differ"] tbody tr');
    expect((await differing.allInnerTexts()).map((row) => row.split(/\s+/))).toEqual([
      ["epochs", "train", "6", "1"],
    ]);
    expect(complaints).toEqual([]);
    await page.close();
    const unknown = await pipeline(folder, "report", "--compare", "shorts");
    expect(unknown).toMatchObject({ status: 2 });
    expect(unknown.output).toContain("did you mean short?");
  });
});

/** The middle of some dot of the map, on the screen. */
async function placeOfDot(page: Page): Promise<[number, number]> {
  await page.locator(".map").scrollIntoViewIfNeeded();
  const place = await page.evaluate(`(() => {
    const svg = document.querySelector(".map svg");
    const [x, y] = JSON.parse(document.querySelector("#map-points").textContent).points[3];
    const at = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
    return [at.x, at.y];
  })()`);
  return place as [number, number];
}

/** How many colours the photo under the pointer has. */
async function coloursShown(page: Page): Promise<number> {
  const colours = await page.evaluate(`(() => {
    const canvas = document.querySelector(".tip canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 3).join())).size;
  })()`);
  return colours as number;
}
