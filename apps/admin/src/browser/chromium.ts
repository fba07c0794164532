import { existsSync } from "node:fs";
import packed from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"] as const;
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A page lives for seconds, in which compiling its scripts well costs more than it saves.
  "--js-flags=--no-maglev --no-turbofan --always-sparkplug",
] as const;

/** The machine's Chromium or Chrome, else the one that npm delivers, which needs the system's libnss3. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = installed.find((path) => existsSync(path)) ?? (await packed.executablePath());
  return chromium.launch({ executablePath, args: [...flags], headless: true });
}
