import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const given = process.env["CHROMIUM"];

/** The browser that tests open pages in: $CHROMIUM, else where Debian puts it; null where there is none. */
function findChromium(): string | null {
  const places = [given ?? "", "/usr/bin/chromium"].filter((place) => place !== "" && place !== "required");
  return places.find((place) => existsSync(place)) ?? null;
}

const executablePath = findChromium();

/** False lets tests be skipped, but not where CHROMIUM=required says that they must run. */
export const hasChromium = executablePath !== null || given === "required";

export async function startChromium(): Promise<Browser> {
  if (executablePath === null) throw new Error("CHROMIUM=required, but there is none at /usr/bin/chromium");
  // As root, in containers, Chromium's own sandbox cannot be set up; it opens nothing but what the tests wrote.
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** What a page did that it should not. */
export interface Watched {
  readonly page: Page;
  /** errors and warnings on the console, and exceptions */
  readonly complaints: readonly string[];
  /** addresses that were asked for, but for the page itself and what it holds within it */
  readonly requests: readonly string[];
}

/** Opens a file and notes what it complains of and asks for. */
export async function openWatched(
  browser: Browser,
  file: string,
  options: { readonly width?: number; readonly dark?: boolean; readonly touch?: boolean } = {},
): Promise<Watched> {
  const { width = 1280, dark = false, touch = false } = options;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    hasTouch: touch,
  });
  const page = await context.newPage();
  const [complaints, requests]: [string[], string[]] = [[], []];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith("data:") && url !== `file://${file}`) requests.push(url);
  });
  await page.goto(`file://${file}`);
  return { page, complaints, requests };
}
