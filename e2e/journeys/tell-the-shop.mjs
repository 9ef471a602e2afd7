// The shop is told things in plain Spanish: something is missing, something broke. What is critical waits to be confirmed,
// what was written is undone, and what means nothing is answered with how to say it.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "the shop is told in plain Spanish";

export async function run({ page, base, credentials, axe, shot }) {
  await logIn(page, base, credentials.admin);
  await page.goto(base);
  await page.locator("form[action='/decir'] input[name=text]").fill("falta yerba, urgente");
  await page.locator("form[action='/decir'] button").click();
  await page.getByText("Listo: falta yerba, urgente").waitFor();
  await axe();
  await shot("noted");

  const { sku, title } = await onTheShelf(page, base);
  const before = await onHand(page, base, sku);
  await tell(page, base, `/merma "${title}" 1 "roto"`);
  await page.getByText("¿Confirmás?").waitFor();
  await axe();
  await shot("to-be-confirmed");
  assert.equal(await onHand(page, base, sku), before, "what waits has not moved");
  await tell(page, base, `/merma "${title}" 1 "roto"`);
  await page.getByRole("button", { name: "Confirmar" }).click();
  await page.getByText("Listo:").first().waitFor();
  assert.equal(await onHand(page, base, sku), before - 1);
  await page.goto(`${base}/decir`);
  await page.locator("form[action$='/undo'] button").first().click();
  await page.getByText("Se deshizo:").waitFor();
  assert.equal(await onHand(page, base, sku), before);

  await tell(page, base, "qwerty asdf");
  await page.getByText("No lo entendí.").waitFor();
  assert.equal(await page.locator("textarea[name=text]").inputValue(), "qwerty asdf", "it stays, to be written better");
  await axe();
  await shot("not-understood");
}

async function tell(page, base, sentence) {
  await page.goto(`${base}/decir`);
  await page.locator("textarea[name=text]").fill(sentence);
  await page.getByRole("button", { name: "Decir", exact: true }).click();
}

/// A product that the shop has some of.
async function onTheShelf(page, base) {
  const held = await page.request.get(`${base}/api/v1/inventory?location=local&status=available&limit=200`);
  const { items } = await held.json();
  const item = items.find((one) => one.unit === "un" && at(one) >= 3 && items.filter((other) => other.name === one.name).length === 1);
  return { sku: item.sku, title: item.name };
}

async function onHand(page, base, sku) {
  const answer = await page.request.get(`${base}/api/v1/inventory/${sku}`);
  return at(await answer.json());
}

function at(item) {
  return Number(item.locations.find((place) => place.location === "local")?.on_hand ?? "0");
}
