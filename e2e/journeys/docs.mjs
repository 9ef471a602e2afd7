// The page about the API: it shows every call of the document, a call says what it takes, and trying one
// asks the shop.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "the API page shows every call and tries one";

export async function run({ page, base, credentials, axe, shot }) {
  await logIn(page, base, credentials.admin);
  const document = await (await page.request.get(`${base}/openapi.json`)).json();
  const calls = Object.values(document.paths).flatMap((item) => Object.values(item));
  await page.goto(`${base}/docs`);
  await page.locator("details.call").first().waitFor();
  assert.equal(await page.locator("details.call").count(), calls.length);
  await axe();

  const post = page.locator("#post_movement");
  await post.locator("summary").first().click();
  const kind = post.locator("li", { has: page.locator("> .head code", { hasText: /^kind$/ }) }).first();
  assert.match(await kind.innerText(), /receipt[\s\S]*customer_return/, "a choice lists its words");
  assert.match(await post.locator("textarea").inputValue(), /"product": "sku:/, "the example is a whole one");

  const units = page.locator("#list_units");
  await units.locator("summary").first().click();
  await units.locator("summary", { hasText: /Probar|Try/ }).click();
  await units.locator("form button").click();
  await units.locator(".answer .badge").waitFor();
  assert.match(await units.locator(".answer").innerText(), /^200[\s\S]*"kg"/);
  await axe();
  await shot("tried");
}
