// Something is missing: said in plain Spanish on the dashboard, ordered from its supplier together with what the shop
// suggests, sent by WhatsApp, received, and on the shelf.

import assert from "node:assert/strict";
import { logIn } from "../login.mjs";

export const name = "what is missing is ordered, sent and received";

export async function run({ page, base, credentials, axe, shot }) {
  const get = async (path) => (await page.request.get(`${base}/api/v1/${path}`)).json();
  const onHand = async ({ product }) => Number((await get(`inventory/${product.replace("sku:", "")}`)).on_hand);
  await logIn(page, base, credentials.negocio);
  const [missing, low] = await twoOfOneSupplier(get);
  const before = [await onHand(missing), await onHand(low)];
  await page.goto(`${base}/suppliers/${missing.supplier}`);
  await axe();
  await page.locator("input[name=phone]").fill("2255 46-0134");
  await page.getByRole("button", { name: "Guardar" }).click();
  await page.getByText("quedó guardado").waitFor();
  await page.goto(base);
  await axe();
  await page.locator("form[action='/decir'] input[name=text]").fill(`falta ${missing.name}`);
  await page.locator("form[action='/decir'] button").click();
  await page.getByText(`Listo: falta ${missing.name}`).waitFor();
  await axe();
  await page.goto(`${base}/notebook`);
  await page.getByRole("row", { name: missing.name }).getByText("a confirmar").waitFor();
  await axe();
  await page.goto(`${base}/purchase-orders`);
  await axe();
  await page.getByRole("button", { name: "Armar pedidos del cuaderno" }).click();
  await page.getByText("Listo: un pedido por proveedor").waitFor();
  const { items: [draft] } = await get(`purchase-orders?state=draft&supplier=${missing.supplier}`);
  const order = `${base}/purchase-orders/${draft.id}`;
  await page.goto(order);
  await axe();
  await page.getByLabel(`Cantidad: ${missing.name}`).fill("6");
  await page.getByRole("button", { name: `Guardar ${missing.name}` }).click();
  await page.getByText("Se cambió el renglón.").waitFor();
  await page.getByRole("button", { name: `Agregar al pedido: ${low.name}` }).click();
  await page.getByText("Agregado al borrador del proveedor.").waitFor();
  await page.locator("input[name=notes]").fill("Tocar el timbre");
  await page.getByRole("button", { name: "Marcar como enviado" }).click();
  await page.getByText("Enviado. Cuando llegue, recibilo acá.").waitFor();
  await axe();
  const text = await page.getByLabel("Para copiar y mandar").inputValue();
  await page.getByRole("button", { name: "Copiar el texto" }).click();
  await page.getByRole("button", { name: "Copiado" }).waitFor();
  const told = [`- ${missing.name}: 6 un`, `- ${low.name}: ${low.quantity} un`, "Tocar el timbre"];
  assert.deepEqual(told.filter((line) => !text.includes(line)), [], text);
  const whatsapp = await page.getByRole("link", { name: "Mandar por WhatsApp" }).getAttribute("href");
  const chat = new URL((await page.request.get(`${base}${whatsapp}`, { maxRedirects: 0 })).headers().location);
  assert.deepEqual([`${chat.host}${chat.pathname}`, chat.searchParams.get("text")], ["wa.me/5492255460134", text]);
  await page.getByRole("link", { name: "Recibir" }).click();
  await page.getByRole("heading", { name: "Recibir un pedido" }).waitFor();
  await axe();
  await page.locator("main form button.primary").click();
  await page.getByText(/^Recepción .+ registrada\.$/).waitFor();
  await axe();
  await page.goto(order);
  await axe();
  await shot("received");
  await page.locator(".lead").getByText("Recibido").waitFor();
  assert.deepEqual([await onHand(missing), await onHand(low)], [before[0] + 6, before[1] + Number(low.quantity)]);
  const closed = (await get("notebook?state=received&limit=200")).items;
  assert.ok(closed.some((one) => one.product === missing.product), "the notebook knows");
}

/// Two products that the shop lacks and that keep, of a supplier of whom nothing is ordered or noted yet.
async function twoOfOneSupplier(get) {
  const lists = await Promise.all(["purchase-orders?state=draft&limit=200", "notebook?state=pending&limit=200"].map(get));
  const busy = lists.flatMap(({ items }) => items);
  const first = new Map();
  for (const one of (await get("purchase-orders/suggestions?limit=200")).items) {
    if (one.unit !== "un" || Number(one.quantity) === 0 || busy.some(({ supplier }) => supplier === one.supplier)) continue;
    if ((await get(`products/${one.product}`)).perishable) continue;
    const other = first.get(one.supplier);
    if (other) return [other, one];
    first.set(one.supplier, one);
  }
  throw new Error("no supplier brings two things that are low");
}
