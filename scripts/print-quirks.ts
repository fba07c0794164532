import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { providerQuirksPage } from "./provider-quirks-page.ts";

/** `pnpm quirks`: writes docs/provider-quirks.md from the table of providers' known deviations. */
const file = resolve(import.meta.dirname, "../docs/provider-quirks.md");
writeFileSync(file, providerQuirksPage());
process.stdout.write(`${file} is written.\n`);
