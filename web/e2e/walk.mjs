// Walks the whole interface in a headless browser and looks for faults.
//
//   node e2e/walk.mjs BASE_URL [--shots FOLDER] [--browser PATH] [--token TOKEN] [--only NAME]
//
// Every page, in light and dark, at 1280 and 1440 pixels. Fails on a console
// error or warning, on a request that leaves the origin, on a WCAG 2.2 AA
// violation that axe finds, and when a page does not show what it must.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { audit } from "./audit.mjs";
import { scenarios } from "./scenarios.mjs";
import { loaded } from "./wait.mjs";

const args = process.argv.slice(2);
const option = (name) => {
  const at = args.indexOf(name);
  return at < 0 ? null : args.splice(at, 2)[1];
};
const shots = option("--shots");
const executablePath = option("--browser") ?? process.env.CHROMIUM ?? "/usr/bin/chromium";
const only = option("--only");
const token = option("--token");
const base = args[0]?.replace(/\/$/, "");
if (!base) {
  console.error(
    "usage: node e2e/walk.mjs BASE_URL [--shots FOLDER] [--browser PATH] [--token TOKEN] [--only NAME]",
  );
  process.exit(1);
}
if (shots) mkdirSync(shots, { recursive: true });

const chosen = scenarios.filter(({ name }) => !only || only === name);
const VIEWS = [
  ["light", 1440],
  ["dark", 1440],
  ["light", 1280],
  ["dark", 1280],
];
const faults = [];
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  // Two views at a time: as many as a small machine runs without starving.
  for (let at = 0; at < VIEWS.length; at += 2) {
    await Promise.all(VIEWS.slice(at, at + 2).map(([scheme, width]) => walkAll(scheme, width)));
  }
} finally {
  await browser.close();
}
if (faults.length > 0) {
  console.error([...new Set(faults)].join("\n"));
  console.error(`${faults.length} faults`);
  process.exit(1);
}
console.log(`${chosen.length} scenarios in ${VIEWS.length} views, no fault`);

async function walkAll(colorScheme, width) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: "reduce",
  });
  // Only what never comes takes as long: a busy machine is no fault of the page.
  context.setDefaultTimeout(90_000);
  const page = await context.newPage();
  let where = "start";
  const fault = (text) => faults.push(`${colorScheme} ${width} ${where}: ${text}`);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) fault(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => fault(`exception: ${error.message}`));
  // Nothing may leave the origin; what tries is stopped and counted.
  await page.route("**/*", (route) => {
    const url = route.request().url();
    if (url.startsWith(`${base}/`) || url.startsWith("data:") || url.startsWith("blob:"))
      return route.continue();
    fault(`request off the origin: ${url}`);
    return route.abort();
  });
  const look = async (name) => {
    await page.waitForLoadState("networkidle");
    await loaded(page);
    await page.waitForTimeout(150);
    for (const violation of await audit(page)) fault(`axe ${violation}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) fault(`the page scrolls sideways by ${overflow} px`);
    if (shots) await page.screenshot({ path: `${shots}/${name}-${colorScheme}-${width}.png` });
  };
  if (token) {
    await page.goto(`${base}/#token=${encodeURIComponent(token)}`);
    await page.getByRole("heading", { name: "Estate risk" }).waitFor();
    if (page.url().includes("token")) fault("the token stays in the address");
  }
  for (const { name, walk } of chosen) {
    where = name;
    try {
      await walk({ page, base, look, width });
    } catch (error) {
      fault(
        String(error?.message ?? error)
          .split("\n")
          .slice(0, 6)
          .join(" | "),
      );
      if (shots)
        await page
          .screenshot({ path: `${shots}/failed-${name}-${colorScheme}-${width}.png` })
          .catch(() => {});
    }
  }
  await context.close();
}
