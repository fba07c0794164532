import { expect } from "vitest";
import { atScreen, signedIn, visitAs } from "./actions.ts";
import { test } from "./fixture.ts";
import { layoutShiftOf, watchLayoutShift } from "./layout-shift.ts";
import { networkOf } from "./network.ts";

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

const sizes = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
] as const;

// The browser has stored nothing yet, such as whether the navigation is shown.
test.for(sizes)("nothing moves at a first visit, at %o", async (size, { acme }) => {
  const pages = [
    [await signedIn(acme, acme.owner), "/members", "Members"],
    [await signedIn(acme, acme.owner), "/account", "Your account"],
    [await acme.newVisitor(), "/", "Sign in"],
    [await acme.newVisitor(), "/sign-in", "Sign in"],
  ] as const;
  for (const [page, address, title] of pages) {
    await page.setViewportSize(size);
    await watchLayoutShift(page);
    (await networkOf(page)).slow();
    await page.goto(address);
    await atScreen(page, title);
    await page.waitForLoadState("networkidle");
    const { sum, moved } = await layoutShiftOf(page);
    expect.soft(sum, `${address}\n${moved.join("\n")}`).toBe(0);
  }
});

test("the content can be skipped to before the session has loaded", async ({ acme }) => {
  const page = await signedIn(acme, acme.owner);
  // The session stays on its way.
  await page.route(/session\.current/, () => undefined);
  await page.goto("/members");
  await page.getByRole("link", { name: "Skip to the content" }).press("Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("main");
});
