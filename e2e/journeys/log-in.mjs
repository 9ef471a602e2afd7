// The first door: every role of the demo shop gets in by the form, and a wrong password does not.

import assert from "node:assert/strict";
import { logInByForm } from "../login.mjs";

export const name = "every role logs in, a wrong password does not";

export async function run({ page, context, base, credentials, axe, shot }) {
  assert.ok(Object.keys(credentials).length > 0, "the demo shop told no credentials");
  const [someone] = Object.values(credentials);
  await page.goto(`${base}/login`);
  await axe();
  await shot("form");
  await page.locator("input[name=username]").fill(someone.username);
  await page.locator("input[name=password]").fill("not the password");
  await page.locator("input[name=password]").press("Enter");
  await page.getByText("Usuario o contraseña incorrectos").waitFor();
  for (const [role, person] of Object.entries(credentials)) {
    await context.clearCookies();
    await logInByForm(page, base, person);
    await axe();
    await shot(`home-${role}`);
  }
}
