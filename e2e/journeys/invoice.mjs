// A supplier's invoice comes as a spreadsheet: read, the line that nobody knows said, confirmed, applied, owed; and reversed,
// after which goods and debt are what they were.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "an invoice goes into the books and out again";

const SUPPLIER = "MAX";

export async function run({ page, base, credentials, axe, shot }) {
  const get = async (path) => (await page.request.get(`${base}/api/v1/${path}`)).json();
  const books = async (skus) => ({
    owed: (await get(`suppliers/${SUPPLIER}/account?limit=1`)).items[0]?.balance ?? "0.00",
    costs: await Promise.all(skus.map(async (sku) => (await get(`products/sku:${sku}`)).replacement_cost)),
    held: await Promise.all(skus.map(async (sku) => (await get(`inventory/${sku}`)).on_hand)),
  });
  await logIn(page, base, credentials.admin);
  const { items } = await get(`products?supplier=${SUPPLIER}&limit=100`);
  const [known, unknown] = items.filter((one) => one.unit === "un" && !one.perishable);
  const skus = [known.sku, unknown.sku];
  const { supplier_sku: code } = known.suppliers.find((one) => one.supplier === SUPPLIER);
  const before = await books(skus);
  const stamp = String(Date.now()).slice(-8);
  await page.goto(`${base}/invoices`);
  await axe();
  await page.locator("input[name=file]").setInputFiles(sheet(stamp, code, known.name));
  await page.locator("select[name=supplier]").selectOption(SUPPLIER);
  await page.getByRole("button", { name: "Cargar" }).click();
  await page.getByText("Cargada: en unos segundos").waitFor();
  const invoice = page.getByRole("link", { name: `Factura A 00003-${stamp}` });
  for (let turn = 0; turn < 20 && (await invoice.count()) === 0; turn += 1) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  await axe();
  await invoice.click();
  await page.getByText("por el código del proveedor").waitFor();
  await axe();
  await shot("review");
  await page.locator('input[name="lines[1].product"]').fill(unknown.sku);
  await page.getByRole("button", { name: "Guardar y confirmar" }).click();
  // Its costs are nothing like the last ones of the demo shop.
  await page.getByText("Renglón 2: Salía").waitFor();
  await axe();
  await page.getByRole("button", { name: "Está bien así: confirmar" }).click();
  await page.getByText("Confirmada. Falta aplicarla.").waitFor();
  await axe();
  assert.deepEqual(await books(skus), before, "nothing is in the books yet");
  await page.locator("#apply select[name=location]").selectOption("deposito");
  await page.locator("#apply button.primary").click();
  await page.getByText("Aplicada: mercadería, costos y cuenta al día.").waitFor();
  await axe();
  const address = page.url().replace(/[#?].*$/, "");
  const { owed, held } = await books(skus);
  const came = held.map((now, at) => now - before.held[at]);
  assert.deepEqual([...came, Math.round(100 * (owed - before.owed))], [2, 3, 423_500], "goods and centavos");
  await page.goto(`${base}/suppliers/${SUPPLIER}/account`);
  await page.getByRole("row", { name: `Factura A 00003-${stamp}` }).getByText("4.235,00").first().waitFor();
  await axe();
  await shot("account");
  await page.goto(address);
  await page.locator("#undo button.danger").click();
  await page.getByText("Anulada: todo volvió a como estaba.").waitFor();
  await axe();
  await shot("reversed");
  assert.deepEqual(await books(skus), before);
}

/// A file of two lines: one of a code that the shop knows and one that nobody does.
function sheet(stamp, code, name) {
  const [year, month, day] = new Date().toLocaleDateString("sv-SE", { timeZone: "America/Argentina/Buenos_Aires" }).split("-");
  const rows = [
    "FACTURA A;;;;;",
    `Punto de venta: 00003 Comp. Nro: ${stamp};;;;;`,
    `Fecha: ${day}/${month}/${year};;;;;`,
    "Código;Descripción;Cantidad;Precio Unitario;IVA;Importe",
    `${code};${name};2;1.000,00;21;2.000,00`,
    `E2E${stamp};ARTICULO ${stamp};3;500,00;21;1.500,00`,
    ";;;;Neto gravado;3.500,00",
    ";;;;IVA 21%;735,00\r\n;;;;Total;4.235,00",
  ];
  return { name: `factura-${stamp}.csv`, mimeType: "text/csv", buffer: Buffer.from(rows.join("\r\n")) };
}
