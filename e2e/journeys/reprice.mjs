// A category goes up by a percentage: seen first, applied, its labels printed; and taken back, after which the price is what
// it was.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "a category is repriced, labelled and taken back";

export async function run({ page, base, credentials, axe, shot }) {
  const get = async (path) => (await page.request.get(`${base}/api/v1/${path}`)).json();
  await logIn(page, base, credentials.admin);
  const prices = async () => new Map((await get("prices?category=SAL&limit=200")).items.map((one) => [one.sku, one.price]));
  const before = await prices();
  const print = async () => {
    await page.getByRole("button", { name: "Imprimir todas (hasta 500 por vez)" }).click();
    await page.getByText(/^Etiquetas listas: /).waitFor();
  };
  await page.goto(`${base}/repricings`);
  await axe();
  await shot("list");
  await page.locator("select[name=rule]").selectOption("percentage");
  await page.locator("input[name=percent]").fill("10");
  await page.locator("select[name=category]").selectOption("SAL");
  await page.locator("input[name=reason]").fill("Aumento de prueba");
  await page.getByRole("button", { name: "Ver cómo queda" }).first().click();
  await page.waitForURL(/\/repricings\/[0-9a-f-]{36}$/);
  await axe();
  await shot("preview");
  const address = page.url();
  const rows = (await get(`repricings/${address.split("/").pop()}/rows?limit=200`)).items;
  assert.equal(rows.length, before.size, "every price of the category is looked at");
  const [row] = rows;
  const cells = (await page.getByRole("row", { name: row.sku, exact: false }).first().locator("td").allInnerTexts()).map((text) => plain(text.split("\n")[0]));
  assert.deepEqual([cells[1], cells[2], cells[4]], [row.old_price, row.new_price, row.margin]);
  assert.ok(rows.every((one) => Number(one.new_price) > Number(one.old_price)));
  assert.deepEqual(await prices(), before, "looking changes nothing");
  await page.getByRole("button", { name: "Aplicar", exact: true }).click();
  await page.getByText(`Precios cambiados: ${rows.length}`).waitFor();
  await axe();
  await shot("applied");
  assert.deepEqual(await prices(), new Map(rows.map((one) => [one.sku, one.new_price])));

  await page.goto(`${base}/labels`);
  await axe();
  await shot("labels");
  const due = async (what) => (await get(`labels?due=${what}&limit=200`)).items.filter((one) => one.category === "SAL");
  const told = (await due("to_print")).map((one) => [one.sku, one.price]);
  assert.deepEqual(new Map(told.sort()), new Map([...(await prices())].sort()));
  await print();
  await axe();
  await shot("printed");
  const link = await page.getByRole("link", { name: "PDF en A4" }).first().getAttribute("href");
  const pdf = await page.request.get(`${base}${link}`);
  assert.equal((await pdf.body()).subarray(0, 4).toString(), "%PDF");
  assert.deepEqual(await due("to_print"), [], "what was printed waits for the shelf");

  await page.goto(address);
  await page.getByRole("button", { name: "Deshacer" }).click();
  await page.getByText(`Precios que volvieron: ${rows.length}`).waitFor();
  await axe();
  await shot("taken-back");
  assert.deepEqual(await prices(), before);
  // The shelf has to say the old price again.
  await page.goto(`${base}/labels`);
  await print();
}

/// "$ 1.234,50" and "29,33 %" of a page, as the API writes them.
function plain(text) {
  return text.replace(/[^0-9,]/g, "").replace(",", ".");
}
