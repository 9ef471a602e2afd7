// A count on a telephone, and a barcode scanned into the quantity instead of a number.

import { count, PHONE } from "../counting.mjs";

export const name = "a count on a phone, blind, then posted";
export const context = PHONE;

/// Right in its check digit, and no product's.
const NOBODYS_CODE = "7790000000003";

export async function run(tools) {
  const { page, base } = tools;
  await count(tools);
  await page.goto(`${base}/counts/new`);
  await page.getByRole("button", { name: "Empezar a contar" }).click();
  await page.waitForURL(/\/count$/);
  await page.locator('input[name="lines[0].counted"]').focus();
  await page.keyboard.type(NOBODYS_CODE);
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`q=${NOBODYS_CODE}`));
  await page.getByText("No encontramos ningún producto así").waitFor();
}
