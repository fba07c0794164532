import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { memberScene } from "../testing/member-scene.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";
import { startTokenWorker } from "../workers/notice-workers.ts";

const home = await useTestConsole();

const dayMs = 86_400_000;

function advance(days: number): void {
  home.clock.now = new Date(home.clock.now.getTime() + days * dayMs);
}

/** Two processes run at the same moment, as in a larger setup. */
async function lookForNotices(): Promise<number> {
  const log = pino({ level: "silent" });
  const workers = [1, 2].map(() => startTokenWorker({ database: home.database, log, now: () => home.clock.now }));
  const noticed = await Promise.all(workers.map((worker) => worker.run()));
  await Promise.all(workers.map((worker) => worker.close()));
  return noticed.reduce((sum, one) => sum + one, 0);
}

const mailRow = z.object({ recipient: z.string(), subject: z.string() });

async function mailsAbout(name: string): Promise<readonly z.infer<typeof mailRow>[]> {
  const text = "select recipient, subject from mail where position($1 in subject) > 0 order by id";
  return z.array(mailRow).parse(await home.rows(text, [name]));
}

async function ownerOf(name: string) {
  const owner = await home.ownerOf(name);
  await owner.api.provisioning.enable.mutate({ acknowledgeNoSso: true });
  return owner;
}

// An unnoticed expiry of the last token would stop provisioning.
describe("a token that expires", () => {
  test("is announced to every owner 30, 14, 7 and 1 days before, once each, by any process", async () => {
    const { api } = await ownerOf("Announced");
    await api.tokens.issue.mutate({ name: "Announced token" });
    advance(334.9);
    expect(await lookForNotices()).toBe(0);
    for (const days of [0.2, 16, 7, 6]) {
      advance(days);
      expect(await lookForNotices()).toBe(1);
      expect(await lookForNotices()).toBe(0);
    }
    const mails = await mailsAbout("Announced token");
    expect(mails).toHaveLength(4);
    expect(mails[0]?.recipient).toBe("owner@announced.example");
    expect(mails[0]?.subject).toContain("of Announced expires on 20");
  });

  test("is not announced where a rotation or a revocation has ended it; its successor is, in its own time", async () => {
    const { api, organization } = await ownerOf("Succeeded");
    const old = await api.tokens.issue.mutate({ name: "Succeeded token" });
    const revoked = await api.tokens.issue.mutate({ name: "Revoked token" });
    await api.tokens.revoke.mutate({ id: revoked.id });
    advance(340);
    // No session lasts a year.
    const later = await openBrowser(home.url).signIn(organization);
    const { id } = await later.api.tokens.rotate.mutate({ id: old.id, overlapDays: 30 });
    expect(await lookForNotices()).toBe(0);
    expect(await mailsAbout("Succeeded token")).toEqual([]);
    expect(await later.api.tokens.list.query()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id, replacesId: old.id }),
        expect.objectContaining({ id: old.id, replacesId: null }),
      ]),
    );
    advance(340);
    expect(await lookForNotices()).toBe(1);
  });

  // An abandoned rotation: the old token ends with the overlap, whatever its expiry.
  test("is announced by its real end where the token that took over was revoked", async () => {
    const { api } = await ownerOf("Broken");
    const old = await api.tokens.issue.mutate({ name: "Broken token" });
    const next = await api.tokens.rotate.mutate({ id: old.id, overlapDays: 7 });
    expect(await lookForNotices()).toBe(0);
    const listed = async (id: string) => (await api.tokens.list.query()).find((token) => token.id === id);
    expect(await listed(old.id)).toMatchObject({ isEnding: false, leaves: null });
    expect(await listed(next.id)).toMatchObject({ isEnding: false, leaves: { endsAt: next.oldEndsAt } });
    await expect(api.tokens.revoke.mutate({ id: next.id })).rejects.toMatchObject({
      message: expect.stringContaining(`loses access on ${next.oldEndsAt.slice(0, 10)}`),
      data: { code: "PRECONDITION_FAILED", rule: { kind: "lastTokenUnconfirmed" } },
    });
    expect(await listed(next.id)).toMatchObject({ status: "ACTIVE" });
    await api.tokens.revoke.mutate({ id: next.id, confirmLast: true });
    expect(await listed(old.id)).toMatchObject({
      isEnding: true,
      endsAt: next.oldEndsAt,
      leaves: { endsAt: null },
    });
    expect(await lookForNotices()).toBe(1);
    expect(await lookForNotices()).toBe(0);
    const [mail] = await mailsAbout("Broken token of Broken expires on");
    expect(mail?.subject).toContain(next.oldEndsAt.slice(0, 10));
  });
});

// After a leak, every change by the leaked token must be listed, and no other.
test("what a token did is listed from a moment on, and of that token alone", async () => {
  const scene = await memberScene(home, "Leaked");
  const { api } = scene.owner;
  const [token] = await api.tokens.list.query();
  await scene.push("Before", []);
  home.clock.now = new Date(home.clock.now.getTime() + 3_600_000);
  // The ids of the rows just written contain this very millisecond.
  const since = new Date(Date.now() + 1000).toISOString();
  const deeds = await api.activity.list.query({ limit: 100, tokenId: token?.id, since: "2000-01-01T00:00:00Z" });
  expect(deeds.entries.map(({ kind, actor }) => [kind, actor.kind])).toEqual([["role.created", "token"]]);
  expect((await api.activity.list.query({ limit: 100, tokenId: token?.id, since })).entries).toEqual([]);
  const everybody = await api.activity.list.query({ limit: 100, since: "2000-01-01T00:00:00Z" });
  expect(everybody.entries.length).toBeGreaterThan(deeds.entries.length);
});
