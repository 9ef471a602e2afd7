// Goods go from the storeroom to the shop floor: by keyboard in less than ten seconds, and on the road
// for somebody else to receive blind.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "goods are moved at once, and sent for somebody else to receive";

const MOVE_MS_MAX = 10_000;

export async function run({ page, base, credentials, axe, shot }) {
  await logIn(page, base, credentials.deposito);
  const list = await (await page.request.get(`${base}/api/v1/transfers/restock?limit=50`)).json();
  const pieces = list.items.filter((item) => item.unit === "un");
  // One goes at once, two of the other on the road: the storeroom has to have them, whatever day the demo shop is of.
  const plenty = pieces.find((item) => Number(item.quantity) >= 2);
  const [first, second] = [pieces.find((item) => item !== plenty), plenty].map((item) => item.product.replace("sku:", ""));
  const started = performance.now();
  await page.keyboard.press("t");
  await page.waitForURL(/\/transfers\/new$/);
  await page.keyboard.type(first);
  await page.keyboard.press("Enter");
  await page.locator('input[name="lines[0].quantity"]:focus').waitFor();
  await page.keyboard.type("1");
  await page.getByRole("button", { name: "Mover", exact: true }).click();
  await page.getByText("Movido: 1 producto").waitFor();
  const took = performance.now() - started;
  assert.ok(took < MOVE_MS_MAX, `moving one product took ${took} ms`);
  await axe();
  await page.getByLabel("Agregar un producto").fill(second.slice(0, 3));
  await page.keyboard.press("Enter");
  await page.getByText("¿Cuál de estos?").waitFor();
  await axe();
  await shot("choose");
  await page.getByLabel("Agregar un producto").fill(second);
  await page.keyboard.press("Enter");
  await page.locator('input[name="lines[0].quantity"]:focus').waitFor();
  await page.keyboard.type("2");
  await page.locator('input[name=how][value=road]').check();
  await shot("draft");
  await page.getByRole("button", { name: "Mover", exact: true }).click();
  await page.waitForURL(/\/transfers\/[0-9a-f-]{36}$/);
  await axe();
  await shot("on-the-road");
  await page.getByRole("link", { name: "Recibir" }).first().click();
  await page.waitForURL(/\/receive$/);
  await axe();
  await shot("receive");
  await page.locator('input[name="lines[0].quantity"]').fill("1");
  await page.getByLabel(/por qué/).fill("Se rompió uno en el camino");
  await page.getByRole("button", { name: "Recibir" }).click();
  await page.getByText("Recibido con 1 diferencia").waitFor();
  await axe();
  await shot("claim");
  await page.goto(`${base}/transfers`);
  await axe();
  await shot("list");
}
