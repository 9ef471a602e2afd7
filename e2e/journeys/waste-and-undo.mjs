// Something was thrown away by mistake: recorded, seen in the kardex, undone, and the stock is what it was. Once as
// a person with a mouse, once on a telephone without JavaScript.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "waste is recorded and undone, and nothing is erased";

export async function run({ page, context, base, credentials, axe, shot }) {
  await wasteAndUndo({ page, base, person: credentials.admin, axe, shot, label: "desk" });
  const telephone = await context.browser().newContext({
    locale: "es-AR",
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  });
  try {
    await wasteAndUndo({ page: await telephone.newPage(), base, person: credentials.manager });
  } finally {
    await telephone.close();
  }
}

async function wasteAndUndo({ page, base, person, axe, shot, label }) {
  const look = async (step) => {
    await axe?.();
    await shot?.(`${label}-${step}`);
  };
  await logIn(page, base, person);
  const sku = await inTheStoreroom(page, base);
  const before = await onHand(page, base, sku);
  await page.goto(`${base}/stock/movements/new`);
  await look("what");
  await page.getByRole("link", { name: /Merma/ }).first().click();
  await page.locator("input[name=q]").fill(sku);
  await page.locator("input[name=q]").press("Enter");
  await page.locator("input[name=quantity]").fill("1");
  await page.getByText("Vencido", { exact: true }).click();
  await look("how-much");
  await page.locator("main form[action='/stock/movements'] button.primary").click();
  await page.getByText("Registrado:").first().waitFor();
  await look("recorded");
  assert.equal(await onHand(page, base, sku), before - 1);
  const wasted = page.locator(".kardex > li").first();
  await wasted.getByRole("link").click();
  await look("movement");
  await page.locator("#undo button.danger").click();
  await page.getByText("Anulado. El stock volvió a como estaba.").waitFor();
  assert.equal(await onHand(page, base, sku), before);
  await look("undone");
  assert.equal(await page.locator(".kardex > li[data-reversed]").first().isVisible(), true, "both stay in the kardex");
}

/// A product of which the storeroom has some: what it has depends on the day, for the demo's past ends today.
async function inTheStoreroom(page, base) {
  const held = await page.request.get(`${base}/api/v1/inventory?location=deposito&status=available&limit=200`);
  const { items } = await held.json();
  const there = (item) => Number(item.locations.find((place) => place.location === "deposito")?.on_hand ?? "0");
  return items.find((item) => item.unit === "un" && there(item) >= 3).sku;
}

/// What the card says there is in total.
async function onHand(page, base, sku) {
  await page.goto(`${base}/products/${sku}`);
  const total = page.locator(".facts > div", { hasText: "En total" }).locator("dd");
  return Number.parseInt((await total.innerText()).replaceAll(".", ""), 10);
}
