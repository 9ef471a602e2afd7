// Something is kept for a customer from the product's card, and handed over when she comes.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "goods are kept for somebody and handed over";

export async function run({ page, base, credentials, axe, shot }) {
  await logIn(page, base, credentials.cashier);
  const { items } = await (await page.request.get(`${base}/api/v1/inventory?location=local&status=available&limit=50`)).json();
  const product = items.find((item) => {
    const local = item.locations.find((place) => place.location === "local");
    return item.unit === "un" && local && Number(local.available) >= 2;
  });
  await page.goto(`${base}/products/${encodeURIComponent(product.sku)}`);
  await axe();
  await page.getByRole("link", { name: "Reservar" }).click();
  await page.waitForURL(/\/reservations\/new/);
  await axe();
  await page.locator("input[name=quantity]").fill("2");
  await page.getByLabel(/Para quién/).fill("Marta, retira a la tarde");
  await page.locator('input[name=until][value="0"]').check();
  await shot("form");
  await page.getByRole("button", { name: "Guardar la reserva" }).click();
  await page.getByText("Reservado:").waitFor();
  await axe();
  await shot("kept");
  await page.goto(`${base}/reservations`);
  await axe();
  await shot("list");
  await page.getByRole("link", { name: `Entregar: ${product.name}, Marta, retira a la tarde` }).first().click();
  await page.waitForURL(/\/reservations\/[0-9a-f-]{36}$/);
  await page.getByRole("button", { name: "Entregar" }).click();
  await page.getByText("Entregada. Salió del stock.").waitFor();
  await axe();
  assert.equal(await page.getByRole("button", { name: "Entregar" }).count(), 0, "it is handed over once");
}
