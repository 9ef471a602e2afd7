// A supplier gives a new price list: its columns are said, what rose and fell is looked at, what is ticked becomes the
// replacement cost, and taking the list back gives the old one back.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "a supplier's price list is read, looked at, applied and taken back";

const SUPPLIER = "CO";

export async function run({ page, base, credentials, axe, shot }) {
  const get = async (path) => (await page.request.get(`${base}/api/v1/${path}`)).json();
  await logIn(page, base, credentials.admin);
  const own = (await get(`products?supplier=${SUPPLIER}&limit=200`)).items.filter((one) => {
    return one.unit === "un" && one.suppliers.find((other) => other.supplier === SUPPLIER)?.main;
  });
  const [taken, left] = own;
  const cost = async ({ sku }) => (await get(`products/sku:${sku}`)).replacement_cost;
  const before = [await cost(taken), await cost(left)];
  const stamp = String(Date.now()).slice(-8);
  // Titles that no program can know, other ones each time: a person has to say which is which.
  const lines = [taken, left].map((one) => `${one.barcodes[0]};${one.name};1.234,50`);
  const list = [`Ref ${stamp};Artículo ${stamp};Valor ${stamp}`, ...lines].join("\r\n");
  await page.goto(`${base}/price-lists`);
  await axe();
  await page.locator("select[name=supplier]").selectOption(SUPPLIER);
  await page.locator("input[name=file]").setInputFiles({
    name: `lista-${stamp}.csv`,
    mimeType: "text/csv",
    buffer: Buffer.from(list),
  });
  await page.getByRole("button", { name: "Cargar la lista" }).click();
  await page.getByText("La lista se cargó.").waitFor();
  await axe();
  await shot("loaded");
  await page.getByText("Falta decir qué es cada columna").waitFor();
  for (const [title, field] of [["Ref", "Código de barras"], ["Artículo", "Descripción"], ["Valor", "Precio por unidad"]]) {
    await page.getByLabel(`${title} ${stamp}`).selectOption({ label: field });
  }
  await page.getByRole("button", { name: "Leer de nuevo" }).click();
  await page.getByText("Listo: se leyó de nuevo.").waitFor();
  await axe();
  await shot("read");
  const line = page.getByRole("row", { name: taken.name });
  assert.match(await line.innerText(), /1\.234,50/);
  await page.getByRole("checkbox", { name: `Aplicar ${left.name}` }).uncheck();
  await page.getByRole("button", { name: "Guardar los renglones" }).click();
  await page.locator(".facts > div", { hasText: "Marcados" }).getByText("1", { exact: true }).waitFor();
  await axe();
  const id = new URL(page.url()).pathname.split("/").pop();
  const asked = (await get(`supplier-price-lists/${id}/lines`)).items.find((one) => one.sku === taken.sku).unit_cost;
  assert.equal(await cost(taken), before[0], "looking changes nothing");
  await page.getByRole("button", { name: "Aplicar lo marcado" }).click();
  await page.getByText("La lista se aplicó: cambiaron los costos de reposición.").waitFor();
  await axe();
  await shot("applied");
  assert.deepEqual([await cost(taken), await cost(left)], [asked, before[1]], "what was not ticked stays");
  await page.goto(`${base}/supplier-costs/${taken.sku}`);
  await page.getByRole("row", { name: taken.name }).first().waitFor();
  await axe();
  await shot("by-supplier");
  await page.goto(`${base}/price-lists/${id}`);
  await page.locator("#reason").fill("Era la lista de prueba");
  await page.getByRole("button", { name: "Deshacer la lista" }).click();
  await page.getByText("La lista se deshizo.").waitFor();
  await axe();
  await shot("taken-back");
  assert.deepEqual([await cost(taken), await cost(left)], before);
}
