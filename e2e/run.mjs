// Runs the journeys of ./journeys, each in a fresh browser profile of one headless Chromium, against a
// shop that is already running. Starting the shop is the business of `cargo xtask test browser`; what a
// journey looks at stands in the journey.
//
//   GONDOLA_BASE         the dashboard's address, http://127.0.0.1:PORT
//   GONDOLA_CREDENTIALS  {"admin":{"username":"…","password":"…"}, …} by role, as the demo shop drew them
//   CHROMIUM             the browser's program, /usr/bin/chromium unless given
//   GONDOLA_SHOTS        folder for screenshots, target/e2e unless given
//
//   node e2e/run.mjs [NAME…]   all journeys, or those whose name contains one of the words

import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { checkAccessibility } from "./accessibility.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const SHOTS = process.env.GONDOLA_SHOTS ?? path.join(HERE, "../target/e2e");
const PATIENCE_MS = 15_000;

/// A journey exports `name`, `run(tools)`, and if need be `context`: options for its browser profile,
/// such as { javaScriptEnabled: false } or a telephone's viewport.
async function loadJourneys(words) {
  const files = (await readdir(path.join(HERE, "journeys"))).filter((file) => file.endsWith(".mjs")).sort();
  const journeys = await Promise.all(files.map((file) => import(`./journeys/${file}`)));
  return journeys.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
}

/// Whatever goes wrong behind a page that looks right: scripts that throw, what the content policy
/// refused, answers of 500 and more, and anything fetched from another host.
function watch(page, base, quiet) {
  const complaints = [];
  const foreign = (url) => /^(https?|wss?):/.test(url) && new URL(url).origin !== base;
  page.on("pageerror", (error) => complaints.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    // A refused form answers 4xx, and the browser notes that as an error of the network.
    const refusal = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !refusal && !quiet.now) complaints.push(`console: ${message.text()}`);
  });
  page.on("response", (answer) => {
    if (answer.status() >= 500) complaints.push(`${answer.status()} from ${answer.url()}`);
  });
  page.on("request", (request) => {
    if (foreign(request.url())) complaints.push(`fetched from another host: ${request.url()}`);
  });
  return complaints;
}

async function travel(browser, journey, { base, credentials }) {
  const context = await browser.newContext({
    locale: "es-AR",
    timezoneId: "America/Argentina/Buenos_Aires",
    ...journey.context,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints = [];
  // axe tries styles of its own on the page, and the content policy refuses them.
  const quiet = { now: false };
  const axe = async () => {
    quiet.now = true;
    await checkAccessibility(page);
    quiet.now = false;
  };
  context.on("page", (opened) => complaints.push(watch(opened, base, quiet)));
  const page = await context.newPage();
  const shot = (label) => page.screenshot({ path: path.join(SHOTS, `${slug(journey.name)}-${slug(label)}.png`), fullPage: true });
  try {
    await journey.run({ page, context, base, credentials, shot, axe });
    const heard = complaints.flat();
    if (heard.length > 0) throw new Error(heard.join("\n"));
  } catch (error) {
    await shot("failed").catch(() => {});
    const told = await page.locator("main").innerText({ timeout: 1000 }).catch(() => "nothing");
    error.stack += `\nthe page ${page.url()} says: ${told.replace(/\s+/g, " ").slice(0, 400)}`;
    const heard = complaints.flat().filter((complaint) => !error.message.includes(complaint));
    throw heard.length > 0 ? new Error(`${heard.join("\n")}\nand so ${error.stack}`) : error;
  } finally {
    await context.close();
  }
}

function slug(text) {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

function required(variable) {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set; see the head of e2e/run.mjs`);
  return value;
}

async function main() {
  const shop = { base: new URL(required("GONDOLA_BASE")).origin, credentials: JSON.parse(required("GONDOLA_CREDENTIALS")) };
  const journeys = await loadJourneys(process.argv.slice(2));
  if (journeys.length === 0) throw new Error("no journey of that name");
  await mkdir(SHOTS, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
  let failures = 0;
  try {
    for (const journey of journeys) {
      const begin = performance.now();
      const failure = await travel(browser, journey, shop).then(() => null, (error) => error);
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      console.log(`${failure ? "FAILED" : "ok    "} ${journey.name} (${seconds} s)`);
      if (failure) {
        failures += 1;
        console.log(`${failure.stack ?? failure}\n`);
      }
    }
  } finally {
    await browser.close();
  }
  console.log(`${journeys.length - failures} journeys passed, ${failures} failed; screenshots in ${path.relative(process.cwd(), SHOTS)}`);
  process.exitCode = failures === 0 ? 0 : 1;
}

await main();
