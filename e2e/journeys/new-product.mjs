// A product made on a telephone with what is known at the counter: a name, a category, a unit.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "a product is made on a telephone, and a bad one is told what is wrong";
export const context = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

export async function run({ page, base, credentials, axe, shot }) {
  await logIn(page, base, credentials.admin);
  await page.goto(`${base}/products/new`);
  await axe();
  await page.locator("input[name=name]").fill("Alfajor de prueba 50 g");
  await page.locator("select[name=category]").selectOption({ index: 1 });
  await page.locator("textarea[name=barcodes]").fill("7790742034008");
  await page.locator("main form.form button.primary").click();
  await page.locator("#barcodes-error").waitFor();
  await axe();
  await shot("refused");
  await page.locator("textarea[name=barcodes]").fill("7790742034007");
  await page.locator("main form.form button.primary").click();
  await page.waitForURL((url) => /^\/products\/[A-Z0-9_-]+$/.test(url.pathname));
  await axe();
  await shot("card");
  assert.equal(await page.locator("h1").innerText(), "Alfajor de prueba 50 g");
}
