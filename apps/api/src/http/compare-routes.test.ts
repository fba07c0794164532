import { once } from "node:events";
import { IncomingMessage, request } from "node:http";
import { addCrowd } from "@rollcall/db/testing/crowd";
import { longestStall } from "@rollcall/db/testing/event-loop";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { memberScene } from "../testing/member-scene.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();
const scene = await memberScene(home, "Compared");

const report = z.looseObject({
  kind: z.literal("compared"),
  found: z.array(
    z.object({ kind: z.string(), total: z.number(), findings: z.array(z.looseObject({ userName: z.string() })) }),
  ),
});

async function upload(
  file: string | Buffer,
  options: { cookie?: string | undefined; query?: string; origin?: string } = {},
) {
  const cookie = "cookie" in options ? options.cookie : scene.owner.cookie();
  const response = await fetch(`${home.url}/compare/directory${options.query ?? ""}`, {
    method: "POST",
    headers: {
      "content-type": "text/csv",
      cookie: cookie?.split(";")[0] ?? "",
      ...(options.origin === undefined ? { "x-rollcall-client": "test" } : { origin: options.origin }),
    },
    body: typeof file === "string" ? file : new Uint8Array(file),
  });
  const body: unknown = await response.json();
  return { status: response.status, body };
}

/** The findings as `kind userName`. */
function foundIn(body: unknown): readonly string[] {
  return report
    .parse(body)
    .found.flatMap(({ kind, findings }) => findings.map(({ userName }) => `${kind} ${userName}`));
}

describe("a file of the provider", () => {
  test("is compared with the people here, whatever separates it and with a BOM", async () => {
    const lines = [
      ["Username", "First name", "Status"],
      ["PAM@compared.example", "Pam", "DEPROVISIONED"],
      ["new@compared.example", "New; or not", "ACTIVE"],
      ["gone@compared.example", "Gone", "SUSPENDED"],
    ];
    for (const delimiter of [",", ";", "\t"]) {
      const quoted = lines.map((line) => line.map((cell) => `"${cell}"`).join(delimiter)).join("\r\n");
      const { status, body } = await upload(`\uFEFF${quoted}\r\n\r\n`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ column: "Username", hasStatus: true, people: 3, members: 2, same: 1, skipped: 0 });
      expect(foundIn(body)).toEqual([
        "onlyInFile new@compared.example",
        "onlyInRollcall owner@compared.example",
        "activeInRollcall pam@compared.example",
        "differs pam@compared.example",
      ]);
    }
  });

  test("with no user name column returns the columns, and uses the owner’s choice", async () => {
    const file = "Kennung,Abteilung\npam@compared.example,Ops\n";
    expect(await upload(file)).toMatchObject({ body: { kind: "columnUnclear", columns: ["Kennung", "Abteilung"] } });
    const { body } = await upload(file, { query: "?column=Kennung" });
    expect(body).toMatchObject({ kind: "compared", column: "Kennung", hasStatus: false, same: 1 });
  });

  // A large file must not delay other requests by more than 100 ms.
  test("of 99,000 people, 30,000 of them members, stalls no other request", async () => {
    const crowd = await home.organization("Crowd");
    const sql = home.database.sql;
    const [first] = await sql.query({ name: "", text: "select id from member where organization_id = $1" }, [crowd.id]);
    await addCrowd(sql, z.object({ id: z.string() }).parse(first).id, 30_000);
    const owner = await openBrowser(home.url).signIn(crowd);
    const rows = Array.from(
      { length: 99_000 },
      (_, place) => `Person${place}@crowd.example,Pam,Beesly${place},e${place}`,
    );
    const file = `login,firstName,lastName,externalId\n${rows.join("\n")}\n`;
    const stall = await longestStall(async () => {
      expect(await upload(file, { cookie: owner.cookie() })).toMatchObject({ status: 200, body: { members: 30_001 } });
    });
    expect(stall).toBeLessThanOrEqual(100);
  });

  test("of 100,000 people is read; 1,000 of each kind are listed and all are counted", async () => {
    const people = Array.from({ length: 100_000 }, (_, place) => `p${place}@compared.example`);
    const { status, body } = await upload(`login\n${people.join("\n")}\n`);
    expect(status).toBe(200);
    const [onlyInFile] = report.parse(body).found;
    expect(onlyInFile?.total).toBe(100_000);
    expect(onlyInFile?.findings).toHaveLength(1000);
    expect(await upload(`login\n${[...people, "one@more.example"].join("\n")}\n`)).toMatchObject({
      status: 422,
      body: { error: "The file has more than 100,000 people." },
    });
  });

  test("may begin as an archive does", async () => {
    const { body } = await upload("PK,login\n1,pam@compared.example\n");
    expect(body).toMatchObject({ kind: "compared", column: "login", same: 1 });
  });

  test("leaves nothing behind", async () => {
    const text = "select count(*)::int as count from change";
    const before = await home.rows(text);
    await upload("login\nnew@compared.example\n");
    expect(await home.rows(text)).toEqual(before);
    expect(home.logLines.join("\n")).not.toContain("new@compared.example");
  });
});

// The error must tell the owner what to upload instead.
test.each([
  ["nothing", "", 422, /empty/],
  ["blank lines", "\n\n \n", 422, /names no columns/],
  ["a workbook", Buffer.from("PK\u0003\u0004rest"), 422, /workbook/],
  ["an image", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]), 422, /not a text file/],
  ["UTF-16", Buffer.from("\uFEFFlogin\npam\n", "utf16le"), 422, /UTF-8/],
  ["zeros", Buffer.alloc(100), 422, /not a text file/],
  ["an open quote", 'login,name\n"pam,x\n', 422, /quote or a row does not end/],
  ["one endless row", `login\n${"x".repeat(200_000)}\n`, 422, /row does not end/],
  ["too large a file", Buffer.alloc(10 * 1024 * 1024 + 1, 97), 413, /larger than 10 MB/],
])("%s has its own error", async (_case, file, status, words) => {
  const response = await upload(file);
  expect(response.status).toBe(status);
  expect(JSON.stringify(response.body)).toMatch(words);
});

// Members' data: only owners may compare, and no page of another site.
test("requests without a session, by members and from other sites are refused", async () => {
  expect(await upload("login\n", { cookie: undefined })).toMatchObject({ status: 401 });
  expect(await upload("login\n", { origin: "https://evil.example" })).toMatchObject({ status: 403 });
  const elsewhere = await home.organization("Elsewhere");
  await home.provision(scene.organization, elsewhere.ownerEmail);
  const member = await openBrowser(home.url).signIn(elsewhere);
  await member.api.session.accept.mutate({ organizationId: scene.organization.id });
  await member.api.session.switchTo.mutate({ organizationId: scene.organization.id });
  expect(await upload("login\n", { cookie: member.cookie() })).toMatchObject({ status: 403 });
  const other = await memberScene(home, "Other");
  const { body } = await upload("login\nnobody@other.example\n", { cookie: other.owner.cookie() });
  expect(JSON.stringify(body)).not.toContain("compared.example");
});

const statusOf = ([response]: readonly unknown[]): number | undefined =>
  response instanceof IncomingMessage ? response.statusCode : undefined;

test("an owner whose session ends while the file arrives is refused", async () => {
  const owner = await openBrowser(home.url).signIn(scene.organization);
  const headers = { cookie: owner.cookie() ?? "", "x-rollcall-client": "test", expect: "100-continue" };
  const slow = request(`${home.url}/compare/directory`, { method: "POST", headers });
  slow.flushHeaders();
  await once(slow, "continue");
  slow.write("login\n");
  // The first check of the slow request is done before this one's.
  await owner.api.session.current.query();
  await owner.api.session.signOut.mutate();
  slow.end("pam@compared.example\n");
  expect([401, 403]).toContain(statusOf(await once(slow, "response")));
});

// A slot is taken while a file of 10 MB arrives, however slowly, not only while it is compared.
test("a person sends one file at a time", async () => {
  const options = { method: "POST", headers: { cookie: scene.owner.cookie() ?? "", "x-rollcall-client": "test" } };
  const slow = [1, 2].map(() => request(`${home.url}/compare/directory`, options));
  const responses = slow.map(async (one) => statusOf(await once(one, "response")));
  for (const one of slow) one.write("login\n");
  expect(await Promise.race(responses)).toBe(429);
  // The refused connection may be closed already.
  for (const one of slow) one.on("error", () => undefined).end("pam@compared.example\n");
  expect((await Promise.all(responses)).toSorted((one, other) => Number(one) - Number(other))).toEqual([200, 429]);
  await expect.poll(async () => (await upload("login\n")).status).toBe(200);
});
