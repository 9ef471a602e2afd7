// A count on a telephone, and a barcode scanned into the quantity instead of a number.

import assert from "node:assert/strict";
import { count, PHONE } from "../counting.mjs";

export const name = "a count on a phone, blind, then posted";
export const context = PHONE;

/// Right in its check digit, and no product's.
const NOBODYS_CODE = "7790000000003";
/// Longer than a scanner's pause between two digits.
const A_HANDS_PAUSE_MS = 200;

export async function run(tools) {
  const { page, base } = tools;
  await count(tools);
  await page.goto(`${base}/counts/new`);
  await page.getByRole("button", { name: "Empezar a contar" }).click();
  await page.waitForURL(/\/count$/);
  const review = page.url().replace(/\/count$/, "?only=all");
  const first = await page.locator('input[name="lines[0].product"]').inputValue();
  await page.locator('input[name="lines[0].counted"]').pressSequentially("2");
  await page.waitForTimeout(A_HANDS_PAUSE_MS);
  await page.keyboard.type(NOBODYS_CODE);
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`q=${NOBODYS_CODE}`));
  await page.getByText("No encontramos ningún producto así").waitFor();
  await page.goto(review);
  assert.ok((await page.locator("main").innerText()).includes(first), "the number typed before the scan was written down");
}
