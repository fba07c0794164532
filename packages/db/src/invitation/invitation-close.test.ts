import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readInvitation, acceptInvitation } from "./invitation-accept.ts";
import { sendInvitation } from "./invitation-send.ts";
import { addMember } from "../scim/member-add.ts";
import {
  added,
  request,
  newTenant,
  now,
  openScimDatabase,
  person,
  rows,
  write,
  type ScimDatabase,
  type Tenant,
} from "../testing/scim-database.ts";

let home: ScimDatabase;
beforeAll(async () => {
  home = await openScimDatabase();
});
afterAll(() => home.close());

/** Invites a person into the default role; returns the link's text. */
async function invited(tenant: Tenant, email: string): Promise<string> {
  let token = "";
  const linkTo = (text: string): string => (token = text);
  const sent = await sendInvitation(home.database, tenant.context, { email, roleIds: [], linkTo });
  expect(sent.ok).toBe(true);
  return token;
}

const endOf = async (tenant: Tenant): Promise<unknown> => {
  const text = "select end_reason from invitation where organization_id = $1 order by id desc limit 1";
  return (await rows(home.database, text, [tenant.organizationId]))[0]?.["end_reason"];
};

describe("AR-35 an open invitation is closed", () => {
  test("when the directory changes a person's address to its address", async () => {
    const tenant = await newTenant(home.database, "Moved", { domain: "moved.example" });
    const { id } = await added(home.database, tenant, person("pam@moved.example"));
    await invited(tenant, "pam.b@moved.example");
    const outcome = await write(home.database, tenant, id, () => ({ userName: "Pam.B@moved.example" }));
    expect(outcome.kind).toBe("saved");
    expect(await endOf(tenant)).toBe("provisioned");
  });

  test.each([
    ["deactivates", () => ({ active: false })],
    ["deletes", "delete"],
  ] as const)("when the directory %s the person", async (verb, input) => {
    const tenant = await newTenant(home.database, verb);
    const { id } = await added(home.database, tenant, person(`pam@${verb}.example`));
    const link = await invited(tenant, `jim@${verb}.example`);
    // A member cannot be invited; this simulates an invitation sent at the same moment.
    const text = "update invitation set email = $2, email_key = $2 where organization_id = $1";
    await rows(home.database, text, [tenant.organizationId, `pam@${verb}.example`]);
    expect((await write(home.database, tenant, id, input)).kind).toBe("saved");
    expect(await endOf(tenant)).toBe("provisioned");
    expect(await readInvitation(home.database, link, undefined, now)).toMatchObject({ error: { kind: "linkEnded" } });
    const log = await rows(home.database, "select subject_id from change where organization_id = $1 and kind = $2", [
      tenant.organizationId,
      "invitation.closed",
    ]);
    expect(log).toEqual([{ subject_id: link.split(".")[1] }]);
  });

  test("or accepted, if both are concurrent: one person, no deadlock", async () => {
    const tenant = await newTenant(home.database, "Race");
    for (let turn = 0; turn < 5; turn++) {
      const email = `pam${turn}@race.example`;
      const token = await invited(tenant, email);
      const given = { token, name: "Pam", password: "four words on a wall" };
      const browser = { userAgent: null, ip: null };
      const [accepted, outcome] = await Promise.all([
        acceptInvitation(home.database, given, undefined, browser, request),
        addMember(home.database, tenant.credential, person(email), request),
      ]);
      expect([accepted.ok, outcome.added?.ok].filter((isDone) => isDone === true)).toHaveLength(1);
      const text = "select 1 from member where organization_id = $1 and user_name_key = $2 and not is_deleted";
      expect(await rows(home.database, text, [tenant.organizationId, email])).toHaveLength(1);
    }
  });
});
