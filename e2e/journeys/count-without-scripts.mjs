// The same count where no script runs; the accessibility check is a script too.

import { count, PHONE } from "../counting.mjs";

export const name = "a count on a phone without javascript";
export const context = { ...PHONE, javaScriptEnabled: false };

export async function run(tools) {
  await count({ ...tools, axe: undefined });
}
