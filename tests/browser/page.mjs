// SPDX-License-Identifier: Apache-2.0
// Opens one page in Chromium, takes its picture and reports what it did:
//   node page.mjs <url> <out.png> <width> [--full] [--no-js] [--wait <selector>]
//                 [--height <px>] [--timeout <ms>] [--settle <ms>] [--click <selector>]... [--count <selector>]...
//                 [--storage <key>=<value>]...   what the page finds in its local storage
// Requests to another origin are refused and reported; the report is JSON on standard output.
// ORTSKERN_CHROMIUM names the browser.
import { chromium } from "playwright-core";

const HEIGHT = 900;
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-first-run",
  "--no-pings",
  "--font-render-hinting=none",
  "--hide-scrollbars",
];

function readArguments(words) {
  const options = { full: false, javascript: true, wait: null, timeout: 30000, settle: 0, height: HEIGHT, click: [], count: [], storage: [] };
  const places = [];
  while (words.length > 0) {
    const word = words.shift();
    if (word === "--full") options.full = true;
    else if (word === "--no-js") options.javascript = false;
    else if (word === "--wait") options.wait = words.shift();
    else if (word === "--height") options.height = Number(words.shift());
    else if (word === "--timeout") options.timeout = Number(words.shift());
    else if (word === "--settle") options.settle = Number(words.shift());
    else if (word === "--click") options.click.push(words.shift());
    else if (word === "--storage") options.storage.push(words.shift().split(/=(.*)/s, 2));
    else if (word === "--count") options.count.push(words.shift());
    else if (word.startsWith("--")) throw new Error(`unknown option ${word}`);
    else places.push(word);
  }
  const [url, picture, width] = places;
  return { url, picture, width: Number(width ?? 1280), ...options };
}

function isForeign(url, origin) {
  if (!/^(https?|wss?|ftp):/.test(url)) return false; // data:, blob: and about: stay inside
  return new URL(url).origin.replace(/^ws/, "http") !== origin;
}

const options = readArguments(process.argv.slice(2));
const origin = new URL(options.url).origin;
const report = { requests: [], foreignRequests: [], failedRequests: [], consoleErrors: [] };

const browser = await chromium.launch({
  executablePath: process.env.ORTSKERN_CHROMIUM,
  headless: true,
  args: FLAGS,
});
try {
  const context = await browser.newContext({
    viewport: { width: options.width, height: options.height },
    javaScriptEnabled: options.javascript,
    locale: "de-DE",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
  });
  await context.route("**/*", (route) =>
    isForeign(route.request().url(), origin) ? route.abort() : route.continue(),
  );
  await context.addInitScript((entries) => {
    for (const [key, value] of entries) window.localStorage.setItem(key, value);
  }, options.storage);
  const page = await context.newPage();
  page.on("request", (request) => {
    report.requests.push(request.url());
    if (isForeign(request.url(), origin)) report.foreignRequests.push(request.url());
  });
  page.on("websocket", (socket) => {
    if (isForeign(socket.url(), origin)) report.foreignRequests.push(socket.url());
  });
  page.on("response", (response) => {
    if (response.status() >= 400) {
      report.failedRequests.push(`${response.status()} ${response.url()}`);
    }
  });
  page.on("console", (message) => {
    if (message.type() === "error") report.consoleErrors.push(message.text());
  });
  page.on("pageerror", (error) => report.consoleErrors.push(String(error)));

  await page.goto(options.url, { waitUntil: "load", timeout: options.timeout });
  try {
    // A page that polls its server never falls silent; then the selector decides alone.
    const silence = page.waitForLoadState("networkidle", { timeout: options.timeout });
    if (options.wait === null) await silence;
    else {
      silence.catch(() => undefined);
      await page.waitForSelector(options.wait, { timeout: options.timeout });
    }
    for (const selector of options.click) {
      await page.click(selector, { timeout: options.timeout });
    }
    if (options.settle > 0) await page.waitForTimeout(options.settle);
  } catch (error) {
    // What the page showed instead is worth more than the name of the missing selector
    await page.screenshot({ path: options.picture });
    report.text = await page.locator("body").innerText();
    console.error(JSON.stringify({ ...report, requests: report.requests.length }));
    throw error;
  }
  report.title = await page.title();
  report.lang = (await page.locator("html").getAttribute("lang")) ?? "";
  report.text = await page.locator("body").innerText();
  report.counts = [];
  for (const selector of options.count) report.counts.push(await page.locator(selector).count());
  await page.screenshot({ path: options.picture, fullPage: options.full });
} finally {
  await browser.close();
}
console.log(JSON.stringify(report));
