// Finding a product as people do, by three letters without accents, and following its number to the movements.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "a product is found by three letters and its stock is traced to who moved it";

export async function run({ page, base, credentials, axe, shot }) {
  await logIn(page, base, credentials.admin);
  await page.locator("main input[name=q]").fill("serenisima sach");
  await page.locator("main input[name=q]").press("Enter");
  await page.waitForURL(/\/products\?/);
  await axe();
  await page.getByRole("link", { name: "Leche sachet La Serenísima 1 L" }).click();
  await page.waitForURL(/\/products\/LAC-LS-SACH$/);
  await axe();
  await shot("card");
  const newest = page.locator(".kardex > li").first();
  assert.match(await newest.locator(".after").innerText(), /^quedan/);
  await newest.getByRole("link").click();
  await page.waitForURL(/\/stock\/movements\/[0-9a-f-]+$/);
  for (const fact of ["Quién", "Cuándo pasó"]) assert.ok(await page.getByText(fact, { exact: true }).isVisible(), fact);
  await axe();
  await shot("movement");
}
