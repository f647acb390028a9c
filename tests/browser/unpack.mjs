// SPDX-License-Identifier: Apache-2.0
// Unpacks Chromium, its fonts and its libraries from the npm package into a folder:
//   node unpack.mjs <folder>
// The package writes into the system's temporary folder and looks for its libraries only on
// machines of one provider; both are settled here, before it is loaded.
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";

const folder = resolve(process.argv[2]);
mkdirSync(folder, { recursive: true });
process.env.TMPDIR = folder;
process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs22.x";
const { default: chromium } = await import("@sparticuz/chromium");
console.log(await chromium.executablePath());
