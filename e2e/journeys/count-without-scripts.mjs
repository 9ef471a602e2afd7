// The same count where no script runs.

import { count, PHONE } from "../counting.mjs";

export const name = "a count on a phone without javascript";
export const context = { ...PHONE, javaScriptEnabled: false };

export const run = count;
