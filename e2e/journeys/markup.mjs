// A category gets a markup and one of its products another: the product's holds, its price page says what it would be; removed,
// the category's holds again, and then the middle of the margins.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "markups are set on a category and a product";

export async function run({ page, base, credentials, axe, shot }) {
  const get = async (path) => (await page.request.get(`${base}/api/v1/${path}`)).json();
  await logIn(page, base, credentials.admin);
  const [product] = (await get("prices?category=SAL&limit=1")).items;
  const usual = async () => (await get("prices?category=SAL&limit=1")).items[0].usual;
  const before = await usual();
  assert.equal(before.set_on, "margins");
  const set = async (fields) => {
    for (const [field, text] of fields) await page.locator(`#add [name=${field}]`).fill(text);
    await page.locator("#add button.primary").click();
  };
  await page.goto(`${base}/prices`);
  await page.getByRole("link", { name: "Recargos" }).click();
  await axe();
  await page.locator("#add select[name=category]").selectOption("SAL");
  await set([["markup", "600"]]);
  await page.getByText("Va de 0 a 500, con hasta 2 decimales.").first().waitFor();
  await axe();
  await page.locator("#add select[name=category]").selectOption("SAL");
  await set([["markup", "40"]]);
  await page.getByText(/^Recargo puesto: .* 40,00 %/).waitFor();
  assert.deepEqual([(await usual()).markup, (await usual()).set_on], ["40.00", "category"]);
  await page.goto(`${base}/prices/${encodeURIComponent(product.sku)}`);
  await axe();
  await shot("price");
  await page.getByRole("link", { name: "Ponerle otro recargo" }).click();
  assert.equal(await page.locator("#add input[name=product]").inputValue(), product.sku);
  await set([["markup", "55,5"]]);
  await page.getByText(/^Recargo puesto: .* 55,50 %/).waitFor();
  await axe();
  await shot("list");
  assert.deepEqual([(await usual()).markup, (await usual()).set_on], ["55.50", "product"]);
  for (let left = 2; left > 0; left -= 1) {
    await page.getByRole("button", { name: "Sacar" }).last().click();
    await page.getByText(/^Sin recargo propio: /).waitFor();
  }
  assert.deepEqual(await usual(), before);
}
