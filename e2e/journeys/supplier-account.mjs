// A supplier is paid: what was owed goes down by the payment, to the centavo, and up again when it was noted by mistake.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "a payment to a supplier lowers what is owed to the centavo";

const SUPPLIER = "LV";

export async function run({ page, base, credentials, axe, shot }) {
  const owed = async () => {
    const answer = await page.request.get(`${base}/api/v1/suppliers/${SUPPLIER}/account?limit=1`);
    const { items } = await answer.json();
    return centavos(items[0]?.balance ?? "0.00");
  };
  await logIn(page, base, credentials.admin);
  const before = await owed();
  await page.goto(`${base}/supplier-accounts`);
  await axe();
  await page.goto(`${base}/suppliers/${SUPPLIER}/account`);
  await axe();
  await shot("before");
  const stamp = String(Date.now()).slice(-8);
  await note(page, { kind: "invoice", amount: "123.456,78", document: `00003-${stamp}` });
  await axe();
  await shot("owed");
  assert.equal(await owed(), before + 12_345_678);
  await note(page, { kind: "payment", amount: "23.456,79", document: `R-${stamp}`, method: "transfer" });
  await axe();
  await shot("paid");
  assert.equal(await owed(), before + 9_999_999);
  await page.goto(`${base}/supplier-accounts`);
  await axe();
  await shot("accounts");
  await page.goto(`${base}/suppliers/${SUPPLIER}/account`);
  await page.getByRole("row", { name: `R-${stamp}` }).getByRole("button", { name: "Anular" }).click();
  await page.getByText(/^Anulado\. Saldo: /).waitFor();
  await axe();
  assert.equal(await owed(), before + 12_345_678);
}

async function note(page, { kind, amount, document, method }) {
  await page.locator("select[name=kind]").selectOption(kind);
  await page.locator("input[name=amount]").fill(amount);
  await page.locator("input[name=document]").fill(document);
  if (method) await page.locator("select[name=method]").selectOption(method);
  await page.getByRole("button", { name: "Anotar en la cuenta" }).click();
  await page.getByText(/^Anotado\. Saldo: /).waitFor();
}

/// "123.45" of the API.
function centavos(amount) {
  return Math.round(Number(amount) * 100);
}
