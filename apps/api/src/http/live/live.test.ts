import { recordRequests } from "@rollcall/db";
import { expect, test } from "vitest";
import { memberScene, type MemberScene } from "../../testing/member-scene.ts";
import { openBrowser } from "../../testing/test-browser.ts";
import { useTestConsole } from "../../testing/test-hooks.ts";

const home = await useTestConsole();

const waitMs = 15_000;

function connect(cookie: string | undefined, headers: Record<string, string> = {}): Promise<Response> {
  const sent = { ...headers, cookie: cookie?.split(";")[0] ?? "" };
  return fetch(`${home.url}/live/requests`, { headers: sent, signal: AbortSignal.timeout(waitMs) });
}

/** The stream as a browser reads it: the received text, and a promise for an expected part. */
async function listen(cookie: string | undefined) {
  const response = await connect(cookie);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  return {
    response,
    said: () => said,
    async close(): Promise<void> {
      await reader?.cancel();
    },
    async until(text: string): Promise<string> {
      while (!said.includes(text)) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done) throw new Error(`The stream ended before “${text}”: ${said}`);
        said += value;
      }
      return said;
    },
    async ended(): Promise<string> {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done) return said;
        said += value;
      }
    },
  };
}

async function recordFor({ owner, organization }: MemberScene): Promise<void> {
  const [token] = await owner.api.tokens.list.query();
  const call = { organizationId: organization.id, tokenId: token?.id ?? "", at: home.clock.now, method: "GET" };
  const rest = { scimType: null, detail: null, durationMs: 1, client: null, ip: null, quirks: [] };
  await recordRequests(home.database.sql, [{ ...call, ...rest, path: "/scim_v2/Users", status: 200 }]);
}

// The only address that keeps sending: owners must receive only their own organization's requests.
test("new requests are reported to the owners of their organization only", async () => {
  const [mine, theirs] = [await memberScene(home, "Mine"), await memberScene(home, "Theirs")];
  const [own, other] = [await listen(mine.owner.cookie()), await listen(theirs.owner.cookie())];
  expect(own.response.headers.get("content-type")).toContain("text/event-stream");
  await own.until("event: ready");
  await other.until("event: ready");
  await recordFor(mine);
  await own.until("event: requests");
  expect(own.said()).toContain('data: {"requests":1}');
  await recordFor(theirs);
  await other.until("event: requests");
  expect(other.said().match(/event: requests/g)).toHaveLength(1);
  await Promise.all([own.close(), other.close()]);
});

test("a stream ends with the session", async () => {
  const { owner } = await memberScene(home, "Leaving");
  const stream = await listen(owner.cookie());
  await stream.until("event: ready");
  const cookie = owner.cookie();
  await owner.api.session.signOut.mutate();
  expect(await stream.ended()).toContain("event: end");
  expect((await connect(cookie)).status).toBe(401);
});

test("it is for owners, from our own pages, and for a few at a time", async () => {
  const scene = await memberScene(home, "Bounded");
  expect((await connect(undefined)).status).toBe(401);
  expect((await connect(scene.owner.cookie(), { "sec-fetch-site": "cross-site" })).status).toBe(403);
  const elsewhere = await home.organization("Plain");
  await home.provision(scene.organization, elsewhere.ownerEmail);
  const member = await openBrowser(home.url).signIn(elsewhere);
  await member.api.session.accept.mutate({ organizationId: scene.organization.id });
  await member.api.session.switchTo.mutate({ organizationId: scene.organization.id });
  expect((await connect(member.cookie())).status).toBe(403);
  const streams = [];
  for (let index = 0; index < 6; index++) streams.push(await listen(scene.owner.cookie()));
  expect((await connect(scene.owner.cookie())).status).toBe(429);
  await Promise.all(streams.map((stream) => stream.close()));
  await expect.poll(async () => (await connect(scene.owner.cookie())).status, { timeout: waitMs }).toBe(200);
});
