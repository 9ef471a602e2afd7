// A supplier's spreadsheet comes in: looked at first, its bad row told, the good ones loaded, all of it undone.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "a spreadsheet is looked at, loaded without its bad row and undone";

const LIST = [
  "Código;Producto;Rubro;Unidad;Precio de venta",
  "E2E-YERBA;Yerba de prueba 500 g;GEN;un;1.850,50",
  "E2E-SAL;Sal de prueba 1 kg;GEN;un;cara",
  "E2E-AZUCAR;Azúcar de prueba 1 kg;GEN;un;990",
].join("\r\n");

export async function run({ page, base, credentials, axe, shot }) {
  await logIn(page, base, credentials.admin);
  await page.goto(`${base}/imports`);
  await axe();
  await page.locator("input[name=file]").setInputFiles({
    name: "lista.csv",
    mimeType: "text/csv",
    // As Excel in Argentina writes it: semicolons and one byte per letter.
    buffer: Buffer.from(LIST, "latin1"),
  });
  await page.locator("main form.form button.primary").click();
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/);
  await axe();
  await shot("looked at");
  assert.match(await page.locator("table.diff").innerText(), /cara/, "the bad row says what it holds");
  assert.equal((await product(page, base, "E2E-YERBA")).status(), 404, "looking loads nothing");

  await page.getByRole("button", { name: "Cargar las filas buenas (2)" }).click();
  await page.getByText("Se cargaron las filas buenas.").waitFor();
  await axe();
  await shot("loaded");
  const yerba = await (await product(page, base, "E2E-YERBA")).json();
  assert.deepEqual([yerba.name, yerba.sale_price, yerba.active], ["Yerba de prueba 500 g", "1850.50", true]);
  assert.equal((await product(page, base, "E2E-SAL")).status(), 404, "the bad row stays out");

  await page.locator("summary", { hasText: "Deshacer" }).click();
  await page.locator("form[action$='/undo'] button").click();
  await page.getByText("Se deshizo. Filas que volvieron atrás: 2.").waitFor();
  await axe();
  await shot("undone");
  assert.equal((await (await product(page, base, "E2E-YERBA")).json()).active, false, "what the list made is put away");
}

function product(page, base, sku) {
  return page.request.get(`${base}/api/v1/products/sku:${sku}`);
}
