import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { addCrowd } from "@rollcall/db/testing/crowd";
import { expect, test } from "vitest";
import { z } from "zod";
import { call, idOf } from "../testing/test-client.ts";
import { startScim } from "../testing/test-harness.ts";
import { useScim } from "../testing/scim-fixture.ts";

/** More than the first members of a group and two pages. */
const crowdSize = 5000;

const { scim, acme, person, group, runSql } = await useScim();
await scim.verifyDomain("large.example");
const pam = await person({ userName: "pam@large.example" });
const [large, small] = [await group(), await group([pam.id])];
const ids = [...(await addCrowd(scim.database.sql, pam.id, crowdSize))].sort();
const grants = `insert into role_grant (organization_id, member_id, role_id, source, created_at)
  select organization_id, id, $1, 'group', now() from member where id = any($2)`;
await runSql(grants, [large.id, ids]);

const members = z.array(z.strictObject({ value: z.string(), display: z.string(), type: z.string(), $ref: z.string() }));
const groupBody = z.object({ id: z.string(), members: members.optional(), meta: z.object({ version: z.string() }) });
const idsIn = (body: unknown): unknown => groupBody.parse(body).members?.map(({ value }) => value);

test("a large group has all its members, each once, and the version of the small projections", async () => {
  const whole = await acme.get(large.path);
  expect(idsIn(whole.body)).toEqual(ids);
  const { version } = groupBody.parse(whole.body).meta;
  expect(whole.headers.get("etag")).toBe(version);
  expect((await acme.get(`${large.path}?excludedAttributes=members`)).headers.get("etag")).toBe(version);
  const headers = { authorization: scim.token, "if-none-match": version };
  expect((await call(`${scim.baseUrl}${large.path}`, "GET", headers)).status).toBe(304);
});

test("a list has each large group whole", async () => {
  const { body } = await acme.get("/Groups?count=100");
  const groups = z.object({ Resources: z.array(groupBody) }).parse(body).Resources;
  expect(idsIn(groups.find(({ id }) => id === large.id))).toEqual(ids);
  expect(groups.find(({ id }) => id === small.id)?.members).toHaveLength(1);
});

test("a projection applies to every member", async () => {
  const { body } = await acme.get(`${large.path}?attributes=members.value`);
  const only = z.strictObject({
    schemas: z.unknown(),
    id: z.string(),
    members: z.array(z.strictObject({ value: z.string() })),
  });
  expect(only.parse(body).members.map(({ value }) => value)).toEqual(ids);
});

test("a HEAD request reads no members", async () => {
  const { status, text, headers } = await call(`${scim.baseUrl}${large.path}`, "HEAD", { authorization: scim.token });
  expect([status, text, headers.get("content-type")]).toEqual([200, "", "application/scim+json"]);
});

/** The newest entry of the request log. */
async function lastRequest(): Promise<{ status: unknown; detail: unknown; answer: unknown }> {
  await scim.recorder.flush();
  const [row] = await runSql(`select status, detail, answer_body as answer from scim_request order by id desc limit 1`);
  return z.object({ status: z.unknown(), detail: z.unknown(), answer: z.unknown() }).parse(row);
}

test("the request log has the first members and how many more were sent", async () => {
  await acme.get(large.path);
  const { answer } = await lastRequest();
  expect(answer).toContain(ids[0]);
  expect(answer).toContain("… and 4,990 more");
});

/** Sends a GET and returns the response as soon as its first bytes are there; nothing more is read. */
async function beginRead(path: string): Promise<IncomingMessage> {
  const sent = request(`${scim.baseUrl}${path}`, { headers: { authorization: `Bearer ${scim.token}` } });
  sent.end();
  const [response] = z.tuple([z.custom<IncomingMessage>()]).parse(await once(sent, "response"));
  return response;
}

// The default role is a group with everybody in it.
test("a client that reads slowly does not hold up others, and one that goes is noted", async () => {
  await runSql(
    `insert into role_grant (organization_id, member_id, role_id, source, created_at)
     select m.organization_id, m.id, r.id, 'manual', now() from member m join role r using (organization_id)
     where m.id = any($1)`,
    [ids],
  );
  const unread = await Promise.all(Array.from({ length: 6 }, () => beginRead("/Groups?count=100")));
  expect((await acme.get(`${small.path}?excludedAttributes=members`)).status).toBe(200);
  for (const response of unread) response.destroy();
  await expect
    .poll(async () => (await lastRequest()).detail)
    .toBe("The response ended early: the client closed the connection.");
});

test("without a slot for its response, a read is refused, and a write that is done is answered without the members", async () => {
  const none = { max: 0, maxEach: 0, waitingMax: 0, waitingMaxEach: 0, waitMs: 0 };
  const busy = await startScim({ openResponseBounds: none });
  try {
    await busy.verifyDomain("large.example");
    const pam = idOf(await busy.client.post("/Users", { userName: "pam@large.example" }));
    const members = (await addCrowd(busy.database.sql, pam, 600)).map((value) => ({ value }));
    const created = await busy.client.post("/Groups", { displayName: "Many", members });
    expect([created.status, created.body]).toEqual([201, expect.objectContaining({ displayName: "Many" })]);
    expect(created.body).not.toHaveProperty("members");
    expect(created.headers.get("location")).toContain(idOf(created));
    expect((await busy.client.get(`/Groups/${idOf(created)}`)).status).toBe(429);
  } finally {
    await busy.stop();
  }
});

test("a client that is gone before its response begins keeps no slot", async () => {
  // As many as an organization may have open at once.
  for (let client = 0; client < 8; client++) {
    const sent = request(`${scim.baseUrl}${large.path}`, { headers: { authorization: `Bearer ${scim.token}` } });
    sent.once("error", () => undefined).end();
    await once(sent, "finish");
    sent.destroy();
  }
  expect(idsIn((await acme.get(large.path)).body)).toEqual(ids);
});

test("a response that cannot be completed breaks off instead of ending as if it were whole", async () => {
  const response = await beginRead("/Groups?count=100");
  await runSql("alter table role_grant rename to role_grant_away");
  try {
    const read = async (): Promise<void> => {
      for await (const _piece of response);
    };
    await expect(read()).rejects.toThrow("aborted");
  } finally {
    await runSql("alter table role_grant_away rename to role_grant");
  }
  expect((await lastRequest()).detail).toBe("The response ended early: Rollcall could not read the rest.");
});
