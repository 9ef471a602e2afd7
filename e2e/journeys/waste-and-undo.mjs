// Something was thrown away by mistake: recorded, seen in the kardex, undone, and the stock is what it was. Once as
// a person with a mouse, once on a telephone without JavaScript.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "waste is recorded and undone, and nothing is erased";

const SKU = "ACE-NATU-1500";

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
  const before = await onHand(page, base);
  await page.goto(`${base}/stock/movements/new`);
  await look("what");
  await page.getByRole("link", { name: /Merma/ }).first().click();
  await page.locator("input[name=q]").fill(SKU);
  await page.locator("input[name=q]").press("Enter");
  await page.locator("input[name=quantity]").fill("1");
  await page.getByText("Vencido", { exact: true }).click();
  await look("how-much");
  await page.locator("main form[action='/stock/movements'] button.primary").click();
  await page.getByText("Registrado:").first().waitFor();
  await look("recorded");
  assert.equal(await onHand(page, base), before - 1);
  const wasted = page.locator(".kardex > li").first();
  await wasted.getByRole("link").click();
  await look("movement");
  await page.locator("#undo button.danger").click();
  await page.getByText("Anulado. El stock volvió a como estaba.").waitFor();
  assert.equal(await onHand(page, base), before);
  await look("undone");
  assert.equal(await page.locator(".kardex > li[data-reversed]").first().isVisible(), true, "both stay in the kardex");
}

/// What the card says there is in total.
async function onHand(page, base) {
  await page.goto(`${base}/products/${SKU}`);
  const total = page.locator(".facts > div", { hasText: "En total" }).locator("dd");
  return Number.parseInt((await total.innerText()).replaceAll(".", ""), 10);
}
