// Counting as a person does on a telephone, by what the screen shows alone. Both journeys of a count,
// with and without JavaScript, are this one.

import assert from "node:assert/strict";
import { logIn } from "./login.mjs";

/// A telephone held upright.
export const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/// Counts a list of three products as the storeroom's person, posts as the owner, and looks at what
/// it corrected.
export async function count({ page, context, base, credentials, axe, shot }) {
  await logIn(page, base, credentials.deposito);
  const held = await page.request.get(`${base}/api/v1/inventory?location=local&status=available&limit=200`);
  const { items } = await held.json();
  const pieces = items.filter((item) => item.unit === "un" && Number(onShelf(item)) >= 3);
  const three = pieces.slice(0, 3).sort((a, b) => a.name.localeCompare(b.name, "es"));
  await page.goto(`${base}/counts/new`);
  await axe?.();
  await page.locator('input[name=scope][value=list]').check();
  await page.getByLabel("Productos de la lista").fill(three.map((item) => item.sku).join("\n"));
  await shot("begin");
  await page.getByRole("button", { name: "Empezar a contar" }).click();
  await page.waitForURL(/\/counts\/[^/]+\/count$/);
  const screen = page.url();
  for (const turn of [0, 1, 2]) {
    await axe?.();
    if (turn === 0) await shot("one");
    const sku = await page.locator('input[name="lines[0].product"]').inputValue();
    const counted = three.find((item) => item.sku === sku);
    assert.ok(counted, `${sku} was not on the list`);
    assert.ok(!(await page.locator("main").innerText()).includes("El sistema dice"), "who counts blind is told nothing");
    // The first one is found one short: a small difference, which is not counted again.
    await page.locator('input[name="lines[0].counted"]').fill(String(Number(onShelf(counted)) - (turn === 0 ? 1 : 0)));
    await page.keyboard.press("Enter");
    await page.getByText(`${turn + 1} / 3 contados`).waitFor();
  }
  await page.getByText("Ya está todo contado").waitFor();
  await shot("done");
  const review = screen.replace(/\/count$/, "");
  await context.clearCookies();
  await logIn(page, base, credentials.admin);
  await page.goto(review);
  await axe?.();
  await shot("review");
  assert.equal(await page.locator("main .qty.out").count(), 1, "one line differs");
  await page.getByRole("button", { name: "Cerrar y corregir el stock" }).click();
  await page.getByText("Se corrigieron 1 producto").waitFor();
  await axe?.();
  await page.getByRole("link", { name: /^Ver el ajuste/ }).click();
  await page.waitForURL(/\/stock\/movements\//);
  assert.match(await page.locator("main").innerText(), /−1/);
}

/// What the shop floor holds of a product.
function onShelf(item) {
  return item.locations.find((place) => place.location === "local")?.on_hand ?? "0";
}
