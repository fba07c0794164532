import { expect } from "vitest";
import { atScreen, visitAs } from "./actions.ts";
import { test } from "./fixture.ts";

/** Upper bound for the response bodies of a first visit, in compressed bytes. */
const firstLoadMax = 250_000;

// Routes are split, so the first visit does not load every screen.
test("an owner's first screen loads less than 250 kB, compressed", async ({ acme }) => {
  const page = await visitAs(acme, acme.owner, "/members");
  await atScreen(page, "Members");
  const session = await page.context().newCDPSession(page);
  let received = 0;
  session.on("Network.dataReceived", ({ encodedDataLength }) => (received += encodedDataLength));
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await page.reload();
  await page.getByRole("table").waitFor();
  await page.waitForLoadState("networkidle");
  expect(received).toBeGreaterThan(50_000);
  expect(received).toBeLessThan(firstLoadMax);
});
