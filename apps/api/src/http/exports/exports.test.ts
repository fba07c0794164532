import { recordRequests } from "@rollcall/db";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { memberScene } from "../../testing/member-scene.ts";
import { openBrowser } from "../../testing/test-browser.ts";
import { useTestConsole } from "../../testing/test-hooks.ts";

const home = await useTestConsole();

async function download(cookie: string | undefined, path: string): Promise<Response> {
  return fetch(`${home.url}/export/${path}`, { headers: { cookie: cookie?.split(";")[0] ?? "" } });
}

const rows = z.array(z.record(z.string(), z.unknown()));

// Auditors need everything in both formats; only owners may export, and only their own organization.
describe("an export", () => {
  test("of members holds everybody once, batch by batch, and as many in CSV as in JSON", async () => {
    const { owner, organization } = await memberScene(home, "Large");
    const text = `insert into account (id, email, email_key, name, created_at, updated_at)
      select gen_random_uuid(), e, e, 'P', now(), now() from (select 'p' || n || '@large.example' as e from generate_series(1, 1200) n) x`;
    await home.rows(text);
    await home.provision(organization, "zoe@large.example");
    const members = `insert into member (organization_id, id, account_id, user_name, user_name_key, name, name_key, active,
        is_managed, awaits_acceptance, version, created_at, updated_at)
      select $1, gen_random_uuid(), id, email, email_key, '=cmd|calc', '=cmd|calc', true, true, false, 1, now(), now()
      from account where email_key ~ '^p[0-9]+@large'`;
    await home.rows(members, [organization.id]);
    const json = await download(owner.cookie(), "members.json");
    const semicolon = "update member set name = $2 where organization_id = $1 and user_name = 'p7@large.example'";
    await home.rows(semicolon, [organization.id, 'Pam; "=cmd|calc;@sum']);
    expect(json.headers.get("content-disposition")).toMatch(
      /attachment; filename="rollcall-members-\d{4}-\d\d-\d\d.json"/,
    );
    const people = rows.parse(await json.json());
    expect(people).toHaveLength(1203);
    expect(new Set(people.map(({ id }) => id)).size).toBe(1203);
    const csv = await (await download(owner.cookie(), "members.csv")).text();
    const lines = csv.trimEnd().split("\r\n");
    expect(lines).toHaveLength(1204);
    const names = "id,name,userName,email,status,managedBy,externalId,roles,roleSources,createdAt,updatedAt";
    expect(lines[0]).toBe(names.replaceAll(/\w+/g, '"$&"'));
    // Formulas are escaped, also after a semicolon that a spreadsheet takes for the end of a cell.
    expect(csv).toContain(`,"'=cmd|calc",`);
    expect(csv).toContain(`,"Pam; ""'=cmd|calc;'@sum",`);
  });

  test("keeps to the filters of the screen, and refuses those that it cannot read", async () => {
    const { owner, pam } = await memberScene(home, "Filtered");
    const managed = rows.parse(await (await download(owner.cookie(), "members.json?managed=true")).json());
    expect(managed.map(({ id }) => id)).toEqual([pam]);
    const refused = rows.parse(await (await download(owner.cookie(), "activity.json?outcome=refused")).json());
    expect(refused).toEqual([]);
    expect((await download(owner.cookie(), "members.json?status=odd")).status).toBe(400);
    // A search text stays text, whatever it looks like.
    expect((await download(owner.cookie(), "members.json?search=true&managed=false")).status).toBe(200);
    expect((await download(owner.cookie(), "requests.json?text=false&failed=true")).status).toBe(200);
    expect((await download(owner.cookie(), "secrets.json")).status).toBe(404);
    expect((await download(owner.cookie(), "members.xml")).status).toBe(404);
  });

  test("of activity describes each event; of requests, each request", async () => {
    const { owner, organization } = await memberScene(home, "Worded");
    const activity = rows.parse(await (await download(owner.cookie(), "activity.json")).json());
    expect(activity.map(({ kind }) => kind)).toContain("token.issued");
    expect(activity.every(({ what }) => typeof what === "string" && what !== "")).toBe(true);
    const [token] = await owner.api.tokens.list.query();
    const call = { method: "GET", path: '/scim_v2/Users?filter=userName eq "a,b"', status: 200, scimType: null };
    const { id: organizationId } = organization;
    await recordRequests(home.database.sql, [
      {
        ...call,
        organizationId,
        tokenId: token?.id ?? "",
        at: home.clock.now,
        detail: null,
        durationMs: 3,
        quirks: [],
        client: null,
        ip: null,
      },
    ]);
    const csv = await (await download(owner.cookie(), "requests.csv")).text();
    expect(csv).toContain('"/scim_v2/Users?filter=userName eq ""a,b"""');
  });

  test("is refused without a session and to members, and holds nothing of another organization", async () => {
    const one = await memberScene(home, "Mine");
    const other = await memberScene(home, "Theirs");
    expect((await download(undefined, "members.csv")).status).toBe(401);
    const elsewhere = await home.organization("Plain");
    await home.provision(one.organization, elsewhere.ownerEmail);
    const member = await openBrowser(home.url).signIn(elsewhere);
    await member.api.session.accept.mutate({ organizationId: one.organization.id });
    await member.api.session.switchTo.mutate({ organizationId: one.organization.id });
    expect((await download(member.cookie(), "members.csv")).status).toBe(403);
    const csv = await (await download(one.owner.cookie(), "members.csv")).text();
    expect(csv).toContain("pam@mine.example");
    expect(csv).not.toContain("theirs.example");
    expect(await (await download(one.owner.cookie(), `activity.csv?memberId=${other.pam}`)).text()).not.toContain(
      "pam",
    );
  });

  // The first batch may be empty: for filters without an index each batch is a stretch of the log.
  test("in which the first 20,000 requests do not match is valid JSON", async () => {
    const { owner, organization } = await memberScene(home, "Rare");
    await fillRequests(organization.id, 20_100, "''");
    const text = `update scim_request set detail = 'needle' where (organization_id, id) in
      (select organization_id, id from scim_request where organization_id = $1 order by id limit 3)`;
    await home.rows(text, [organization.id]);
    const response = await download(owner.cookie(), "requests.json?text=needle");
    expect(rows.parse(await response.json())).toHaveLength(3);
  });
});

/** Requests of one organization, newest last. */
async function fillRequests(organizationId: string, count: number, detail: string): Promise<void> {
  const text = `insert into scim_request (organization_id, id, at, token_id, method, path, status, detail, duration_ms)
    select $1, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now(), $1, 'GET', '/scim_v2/Users', 200,
      ${detail}, 1 from generate_series(1, $2::int) n`;
  await home.rows(text, [organizationId, count]);
}

// A slow export must not outlive the reader's permission.
describe("an export that is under way", () => {
  test("breaks off when its owner is signed out", async () => {
    const { owner, organization } = await memberScene(home, "Slow");
    await fillRequests(organization.id, 40_000, "repeat('x', 1000)");
    const response = await download(owner.cookie(), "requests.csv");
    expect(response.status).toBe(200);
    await owner.api.session.signOut.mutate();
    await expect(response.text().then(({ length }) => length)).rejects.toThrow("terminated");
  });

  test("has a place, and a person has three", async () => {
    const { owner, organization } = await memberScene(home, "Greedy");
    await fillRequests(organization.id, 40_000, "repeat('x', 1000)");
    const logged = home.logLines.length;
    const open = [1, 2, 3].map(() => download(owner.cookie(), "requests.csv"));
    const responses = await Promise.all(open);
    expect((await download(owner.cookie(), "requests.csv")).status).toBe(429);
    for (const response of responses) await response.body?.cancel();
    await expect.poll(async () => (await download(owner.cookie(), "members.csv")).status).toBe(200);
    // A client that disconnects is no error.
    expect(home.logLines.slice(logged).filter((line) => line.includes("An export broke off"))).toEqual([]);
  });
});

test("a page of another site downloads nothing", async () => {
  const { owner } = await memberScene(home, "Visited");
  const headers = { cookie: owner.cookie()?.split(";")[0] ?? "", "sec-fetch-site": "cross-site" };
  expect((await fetch(`${home.url}/export/members.csv`, { headers })).status).toBe(403);
});
