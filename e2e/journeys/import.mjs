// A spreadsheet by the page: looked at, its columns said, loaded, undone.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "a spreadsheet is looked at, loaded and undone";

const LIST = "Cosa;Valor;Ref\nYerba de la planilla;4.850,00;E2E-1\nAzúcar de la planilla;caro;E2E-2\n";

export async function run({ page, base, credentials, axe, shot }) {
  await logIn(page, base, credentials.admin);
  await page.goto(`${base}/imports`);
  await axe();
  await page.locator("input[type=file]").setInputFiles({ name: "lista.csv", mimeType: "text/csv", buffer: Buffer.from(LIST) });
  await page.locator("form[action='/imports'] button").click();
  await page.waitForURL(/\/imports\/files\//);
  await axe();
  await shot("columns");
  await page.getByLabel("Cosa").selectOption("name");
  await page.getByLabel("Valor").selectOption("sale_price");
  await page.getByLabel("Ref").selectOption("sku");
  await page.locator("form[action^='/imports/files/'] button").click();
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/);
  await axe();
  await shot("preview");
  assert.ok((await page.locator("tr[data-change=error]").textContent()).includes("caro"));
  await page.locator("form[action$='/apply'] button").click();
  await page.waitForLoadState();
  await axe();
  await shot("loaded");
  await page.goto(`${base}/products/E2E-1`);
  assert.ok((await page.locator("h1").textContent()).includes("Yerba de la planilla"));
  await page.goBack();
  await page.locator("details summary", { hasText: "Deshacer" }).click();
  await page.locator("form[action$='/undo'] button").click();
  await page.waitForLoadState();
  await axe();
  await shot("undone");
  assert.ok((await page.locator(".alert").first().textContent()).includes("1"));
}
