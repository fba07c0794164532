import "@rollcall/local-postgres/vitest-global-setup";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, visitAs } from "./acts.ts";
import { openStage, type Stage } from "./stage.ts";

/** The bodies that may come over the line before a screen is there for who has never been here, in bytes as they are sent. */
const firstLoadMax = 250_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
});
afterAll(async () => stage?.close());

// Guards the first impression: routes are split, so that nobody loads every screen to see one.
test("an owner's first screen comes with less than 250 kB, packed", async () => {
  const page = await visitAs(stage, stage.owner, "/members");
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
