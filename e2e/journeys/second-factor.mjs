// The second step of a log-in as a person with a telephone does it: turned on by typing the key, asked for at the
// next log-in, replaced by a written-down code, turned off again.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { logInByForm } from "../login.mjs";

export const name = "the second step is turned on, asked for, and turned off";
export const context = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

export async function run({ page, context, base, credentials, axe, shot }) {
  const person = credentials.auditor;
  await logInByForm(page, base, person);
  await page.goto(`${base}/account`);
  await page.getByRole("link", { name: "Ver el segundo paso" }).click();
  await axe();
  await shot("off");
  await page.getByRole("button", { name: "Activar" }).click();
  const key = (await page.locator("a.code").innerText()).replaceAll(" ", "");
  await axe();
  await shot("learning");
  await page.locator("input[name=password]").fill(person.password);
  await type(page, "000000", "Confirmar");
  await page.getByText("Ese código no sirve").first().waitFor();
  await shot("wrong");
  await page.locator("input[name=password]").fill(person.password);
  await type(page, code(key), "Confirmar");
  await page.getByRole("heading", { name: "Anotá estos códigos ahora" }).waitFor();
  const written = await page.locator(".recovery-codes li").allInnerTexts();
  assert.equal(written.length, 10);
  await axe();
  await shot("written");
  await context.clearCookies();
  await page.goto(`${base}/login`);
  await page.locator("input[name=username]").fill(person.username);
  await page.locator("input[name=password]").fill(person.password);
  await page.locator("input[name=password]").press("Enter");
  await page.getByRole("heading", { name: "Segundo paso" }).waitFor();
  await axe();
  await shot("asked");
  await page.locator("input[name=code]").fill(written[0]);
  await page.locator("input[name=code]").press("Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  await page.goto(`${base}/account/second-factor`);
  await page.getByText("quedan: 9").waitFor();
  await axe();
  await shot("on");
  await type(page, written[1], "Desactivar");
  await page.getByText("El segundo paso se desactivó").waitFor();
}

async function type(page, text, button) {
  await page.locator("input[name=code]").fill(text);
  await page.getByRole("button", { name: button }).click();
}

/// The code of now for a key in base 32 (RFC 6238: SHA-1, six digits, half a minute).
function code(key) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac("sha1", secret).update(step).digest();
  const at = digest[19] & 0xf;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
