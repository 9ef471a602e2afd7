// Every page that needs nothing but a log-in, in both languages, light and dark, on a telephone, a tablet and a desk: it
// opens, axe finds nothing, and nothing hangs over the edge.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "every page is accessible and fits, whoever looks at it";

const WIDTHS = [360, 768, 1440];
/// Language and theme go together, so that three widths meet both of each.
const READERS = [
  { locale: "es-AR", colorScheme: "light" },
  { locale: "en-GB", colorScheme: "dark" },
];

export async function run({ page, context, base, credentials }) {
  await logIn(page, base, credentials.admin);
  const cookies = await context.cookies();
  const { checkAccessibility } = await import("../accessibility.mjs");
  for (const reader of READERS) {
    const visit = await context.browser().newContext({ ...reader, timezoneId: "America/Argentina/Buenos_Aires" });
    await visit.addCookies(cookies);
    const tab = await visit.newPage();
    try {
      for (const address of await addresses(tab, base)) {
        await tab.setViewportSize({ width: WIDTHS.at(-1), height: 900 });
        const answer = await tab.goto(`${base}${address}`);
        assert.equal(answer.status(), 200, address);
        for (const width of WIDTHS) {
          await tab.setViewportSize({ width, height: 900 });
          const over = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(over <= 0, `${address} hangs ${over} px over the edge at ${width} px`);
        }
        await checkAccessibility(tab);
      }
    } finally {
      await visit.close();
    }
  }
}

/// Every address that the navigation, and what it leads to, points at without a name in it: found, not listed, so that a
/// new page is visited without anybody remembering it.
async function addresses(tab, base) {
  const found = new Set(["/"]);
  for (const address of found) {
    await tab.goto(`${base}${address}`);
    const links = await tab.locator("a[href^='/']").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    for (const link of links) {
      const { pathname } = new URL(link, base);
      if (isPlace(pathname)) found.add(pathname);
    }
  }
  assert.ok(found.size >= 9, `only ${[...found].join(", ")}`);
  return found;
}

/// A page of its own, not one of a thousand of the same kind, and not a file.
function isPlace(pathname) {
  const named = /[0-9a-f]{8}-|[A-Z]|\.[a-z]+$|^\/(api|assets|logout)/;
  return !named.test(pathname) && pathname.split("/").length <= 4;
}
