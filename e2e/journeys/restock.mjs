// The shelf is filled up from the list that the shop makes by itself.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "the shelves are restocked with one button";

export async function run({ page, base, credentials, axe, shot }) {
  await logIn(page, base, credentials.deposito);
  await page.goto(`${base}/`);
  await page.getByRole("link", { name: "Qué falta en el local" }).click();
  await page.waitForURL(/\/transfers\/restock/);
  await axe();
  await shot("list");
  const products = page.locator('input[name$=".product"]');
  const skus = await products.evaluateAll((inputs) => inputs.map((input) => input.value));
  assert.ok(skus.length > 1, "the demo shop lacks something on its shelves");
  await page.locator('input[name="lines[0].quantity"]').fill("0");
  await page.getByRole("button", { name: "Mover todo esto" }).click();
  await page.getByText("Movido:").waitFor();
  await axe();
  const left = await products.evaluateAll((inputs) => inputs.map((input) => input.value));
  assert.ok(left.includes(skus[0]), "what was left out is still missing");
  assert.ok(!left.includes(skus[1]), "what was moved is not missing any more");
}
