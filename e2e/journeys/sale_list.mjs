// MAYORISTA gets a rule: looked at first, then set; its prices are seen and told on the page of a product, where one is set by hand and
// taken off again; the rule is removed.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "a sale list is a rule over GENERAL";

export async function run({ page, base, credentials, axe, shot }) {
  const get = async (path) => (await page.request.get(`${base}/api/v1/${path}`)).json();
  await logIn(page, base, credentials.admin);
  const wholesale = async () => (await get("prices?list=MAYORISTA&category=SAL&limit=1")).items[0];
  const general = (await get("prices?category=SAL&limit=1")).items[0];
  assert.equal(await wholesale(), undefined);
  await page.goto(`${base}/prices`);
  await page.getByRole("link", { name: "Listas de venta" }).click();
  await page.getByText("Sin regla").first().waitFor();
  await axe();
  await shot("none");
  const fill = async (percent) => {
    await page.locator("#add select[name=list]").selectOption("MAYORISTA");
    await page.locator("#add input[name=adjustment]").fill(percent);
    await page.getByRole("button", { name: "Ver cómo queda" }).click();
  };
  await fill("7");
  await page.getByText("El mayorista no puede ser mayor que GENERAL").first().waitFor();
  await axe();
  await fill("-7,5");
  await page.getByText("Cómo quedaría MAYORISTA hoy").waitFor();
  assert.equal(await wholesale(), undefined, "a look sets nothing");
  await axe();
  await shot("preview");
  await page.locator("#preview").getByRole("button", { name: "Poner la regla" }).click();
  await page.getByText("Regla puesta: MAYORISTA -7,50 %").waitFor();
  await axe();
  const made = await wholesale();
  assert.ok(made.basis !== null && Number(made.price) <= Number(general.price), JSON.stringify(made));
  await page.getByRole("link", { name: "Ver los precios" }).first().click();
  assert.equal(await page.locator("select[name=list]").inputValue(), "MAYORISTA");
  await axe();
  await shot("prices");
  await page.goto(`${base}/prices/${encodeURIComponent(general.sku)}`);
  await page.locator("select[name=list]").selectOption("MAYORISTA");
  await page.locator("input[name=price]").fill(general.price.replace(".", ","));
  await page.locator("input[name=reason]").fill("Arreglo con un cliente");
  await page.getByRole("button", { name: "Poner este precio" }).click();
  await page.getByText("Puesto a mano").waitFor();
  await axe();
  await shot("price");
  assert.equal((await wholesale()).basis, null);
  await page.getByRole("button", { name: "Sacar el precio propio de MAYORISTA" }).click();
  await page.getByText("Sin precio propio en MAYORISTA: vale la regla").waitFor();
  assert.deepEqual((await wholesale()).price, made.price);
  await page.goto(`${base}/sale-lists`);
  await page.getByRole("button", { name: /^Sacar la regla/ }).click();
  await page.getByText("Regla sacada: MAYORISTA").waitFor();
  assert.equal(await wholesale(), undefined);
}
