import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { MemberSchema } from "../model/member.ts";
import { newOrganization, openConsoleDatabase } from "../testing/console-database.ts";
import { statement } from "./statement.ts";

let organizationId: string;
let otherId: string;
const home = await openConsoleDatabase();
({ organizationId } = await newOrganization(home.database, "Acme"));
({ organizationId: otherId } = await newOrganization(home.database, "Rival"));

type Params = { readonly organizationId: string; readonly at: Date };
const members = statement<Params>()((db, p) =>
  db
    .selectFrom("member as m")
    .where("m.organizationId", "=", p("organizationId"))
    .where(sql<boolean>`${p("organizationId")} is not null`)
    .where("m.createdAt", "<=", p("at"))
    .select(["m.userName", "m.isDeleted", "m.createdAt"]),
);

describe("a compiled statement", () => {
  test("sends each parameter once, and its rows have the names and types of the model", async () => {
    expect(members.text).toMatch(/\$1 .*\$1 .*\$2/);
    const [member] = await home.database.sql.run(members, { at: new Date(), organizationId });
    expect(member).toEqual({ userName: "owner@acme.example", isDeleted: false, createdAt: expect.any(Date) });
  });

  test("rejects other values", () => {
    const made = () => statement<Params>()((db) => db.selectFrom("member").where("active", "=", true).select("id"));
    expect(made).toThrow("true is not a parameter");
  });

  test("must list its columns", () => {
    expect(() => statement<Params>()((db) => db.selectFrom("member").selectAll())).toThrow("must list its columns");
    expect(members.text).toContain('as "userName"');
  });
});

describe("row level security", () => {
  test("hides rows of other organizations from a statement without a condition", async () => {
    const tenant = home.database.tenantOf(organizationId);
    const all = await home.database.sql.db.selectFrom("member").select("organizationId").execute();
    expect(new Set(all.map((one) => one.organizationId))).toEqual(new Set([organizationId, otherId]));
    const seen = await tenant.sql.db.selectFrom("member").select("organizationId").execute();
    expect(seen).toEqual([{ organizationId }]);
    const changed = await tenant.transaction((tx) =>
      tx.db
        .updateTable("member")
        .set((eb) => ({ version: eb("version", "+", 1) }))
        .executeTakeFirst(),
    );
    expect(changed.numUpdatedRows).toBe(1n);
    const mine = await tenant.transaction((tx) => tx.em.find(MemberSchema, {}, { filters: { tenant: false } }));
    expect(mine.map((one) => one.organizationId)).toEqual([organizationId]);
  });

  test("rejects a row for another organization", async () => {
    const { transaction } = home.database.tenantOf(organizationId);
    const foreign = { organizationId: otherId, memberId: otherId, at: new Date() };
    const written = transaction((tx) => tx.db.insertInto("member_sighting").values(foreign).execute());
    await expect(written).rejects.toThrow("row-level security");
  });

  test("ends with the transaction, and an entity manager without an organization finds no rows of tenants", async () => {
    const { rows } = await sql`select current_user = session_user as value`.execute(home.database.sql.db);
    expect(rows).toEqual([{ value: true }]);
    await expect(home.database.transaction((tx) => tx.em.find(MemberSchema, {}))).rejects.toThrow("tenant");
  });
});
