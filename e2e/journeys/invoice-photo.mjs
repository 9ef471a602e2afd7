// A photograph of an invoice is checked by keys alone: it opens by itself once it was read, the place of the field one is in is
// shown in the picture, and the keys lead over what has to be looked at to the confirmation.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "a photographed invoice is checked by keys alone";

const SUPPLIER = "MAX";
const READING_MS = 90_000; // recognising a page takes seconds, on a busy machine many

export async function run({ page, context, base, credentials, axe, shot }) {
  await logIn(page, base, credentials.admin);
  const answer = await page.request.get(`${base}/api/v1/products?supplier=${SUPPLIER}&limit=100`);
  const [product] = (await answer.json()).items.filter((one) => one.unit === "un" && !one.perishable);
  const stamp = String(Date.now()).slice(-8);
  await page.goto(`${base}/invoices`);
  await page.locator("input[name=file]").setInputFiles(await photograph(context, stamp));
  await page.locator("select[name=supplier]").selectOption(SUPPLIER);
  await page.getByRole("button", { name: "Cargar" }).click();
  await page.getByText("Cargada: en unos segundos").waitFor();
  // Nobody reloads: the page looks again by itself.
  await page.getByRole("link", { name: `00003-${stamp}` }).click({ timeout: READING_MS });
  const picture = page.locator('[data-page="1"] img');
  await picture.waitFor();
  await axe();

  const total = page.locator("#total");
  await total.focus();
  const spot = page.locator('[data-page="1"] .spot');
  await spot.waitFor();
  const [frame, sheet] = [await spot.boundingBox(), await picture.boundingBox()];
  assert.ok(frame.y > sheet.y + sheet.height / 3 && frame.x > sheet.x + sheet.width / 3, "the total stands below and to the right");
  await shot("its place");

  // The line that no product is known for is the next thing to look at.
  await page.locator("#number").focus();
  const focused = () => page.evaluate(() => document.activeElement.name);
  for (let turn = 0; turn < 30 && (await focused()) !== "lines[0].product"; turn += 1) await page.keyboard.press("F8");
  assert.equal(await focused(), "lines[0].product");
  await page.keyboard.type(product.sku);
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "lines[0].quantity", "Enter goes on and sends nothing");
  await page.keyboard.press("Control+Enter");
  await page.getByText(/Confirmada\. Falta aplicarla\.|Está bien así: confirmar/).first().waitFor();
  await axe();
  await shot("saved");
  const invoice = page.url().replace(/^.*invoices\/([0-9a-f-]+).*$/, "$1");
  const stored = await (await page.request.get(`${base}/api/v1/invoices/${invoice}`)).json();
  assert.deepEqual([stored.document, stored.total, stored.lines[0].name], [`00003-${stamp}`, "24200.00", product.name]);
  // It was never in the books; it is put away so that the shop is as before.
  await page.locator("summary", { hasText: "Descartar la factura" }).click();
  await page.locator("form[action$='/reject'] button.danger").click();
  await page.getByText("Descartada").first().waitFor();
}

/// An invoice as it lies on the counter, a little askew.
async function photograph(context, stamp) {
  const [year, month, day] = new Date().toLocaleDateString("sv-SE", { timeZone: "America/Argentina/Buenos_Aires" }).split("-");
  const paper = await context.newPage();
  await paper.setViewportSize({ width: 1654, height: 2339 });
  await paper.setContent(`<!doctype html><html lang="es"><title>Factura</title><style>
    body { margin: 0; background: #777; font: 30px/1.5 "Liberation Sans", Arial, sans-serif }
    main { background: #fdfcf8; margin: 60px; padding: 80px; height: 1900px; transform: rotate(0.7deg) }
    h1 { font-size: 60px; margin: 0 }
    table { width: 100%; border-collapse: collapse; margin: 60px 0 }
    td, th { padding: 8px; text-align: right } td:nth-child(2), th:nth-child(2) { text-align: left }
  </style><main><h1>FACTURA A</h1><p>COD. 001</p>
  <p>Punto de venta: 00003 Comp. Nro: ${stamp}</p><p>Fecha de emisión: ${day}/${month}/${year}</p><p>CUIT: 30-70804363-6</p>
  <table><tr><th>Código</th><th>Descripción</th><th>Cantidad</th><th>Precio Unitario</th><th>Importe</th></tr>
  <tr><td>9${stamp.slice(-3)}</td><td>ARTICULO DE PRUEBA</td><td>4</td><td>5.000,00</td><td>20.000,00</td></tr></table>
  <table><tr><th></th><th></th><th></th><th>Neto gravado</th><td>20.000,00</td></tr><tr><th></th><th></th><th></th><th>IVA 21%</th><td>4.200,00</td></tr>
  <tr><th></th><th></th><th></th><th>Total</th><td>24.200,00</td></tr></table></main></html>`);
  const buffer = await paper.screenshot();
  await paper.close();
  return { name: `factura-${stamp}.png`, mimeType: "image/png", buffer };
}
