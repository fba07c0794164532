import "@rollcall/local-postgres/vitest-global-setup";
import { scratchDatabase } from "@rollcall/local-postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";
import { migrate, openDatabase, type Database } from "../database.ts";
import { loadCaller } from "./caller.ts";
import { findMember, readMember } from "./member-read.ts";
import { added, newTenant, now, person, write } from "./testing/scim-database.ts";

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const scratch = await scratchDatabase(inject("postgresUrl"));
  await migrate(scratch.url);
  // One connection, so that it has prepared whatever the calls below have asked for.
  database = await openDatabase(scratch.url, { poolSize: 1 });
  drop = scratch.drop;
});
afterAll(async () => {
  await database.close();
  await drop();
});

type Node = { [key: string]: unknown; Plans?: Node[] };
const node: z.ZodType<Node> = z.lazy(() => z.looseObject({ Plans: z.array(node).optional() }));
const explained = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: node })]) })]);

/** What a plan reads of tables, in words, where it goes by no index or by no more of one than the organization. */
function wideReads(plan: Node): readonly string[] {
  const { "Relation Name": table, "Index Name": index, "Index Cond": condition = "" } = plan;
  const isByOrganization = /^\(organization_id = [^)]*\)$/.test(String(condition)) && index !== "provisioning_pkey";
  const isWide = plan["Node Type"] === "Seq Scan" || (index !== undefined && (condition === "" || isByOrganization));
  const own = isWide ? [`${String(table)} by ${String(index)}: ${String(condition)}`] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(wideReads)];
}

// Guards the speed of a new installation: a plan that is made while the tables are empty is kept while they fill, so it
// must go by whole keys from the start.
test("every kept plan goes by whole keys, even one that was made for empty tables", async () => {
  const tenant = await newTenant(database, "Planned");
  await loadCaller(database.sql, tenant.credential, now);
  const { id } = await added(database, tenant, person("ada@planned.example"));
  await findMember(database.sql, tenant.credential, "ada@planned.example", now);
  await readMember(database.sql, tenant.credential, id, now);
  await write(database, tenant, id, () => ({ givenName: "Ada" }));

  const plans = await database.transaction(async (tx) => {
    const ask = (text: string): ReturnType<typeof tx.query> => tx.query({ name: "", text }, []);
    await ask("set local plan_cache_mode = force_generic_plan");
    const kept = await ask("select name, cardinality(parameter_types) as places from pg_prepared_statements");
    const read: [string, Node][] = [];
    for (const { name, places } of z.array(z.object({ name: z.string(), places: z.number() })).parse(kept)) {
      const values = places === 0 ? "" : `(${Array.from({ length: places }, () => "null").join(", ")})`;
      const [row] = explained.parse(await ask(`explain (format json) execute "${name}"${values}`));
      read.push([name, row["QUERY PLAN"][0].Plan]);
    }
    return read;
  });

  expect(plans.map(([name]) => name).toSorted()).toEqual([
    "change_add",
    "member_update",
    "scim_caller",
    "scim_member_add_facts",
    "scim_member_by_id",
    "scim_member_by_user_name",
    "scim_member_for_write",
    "scim_member_insert",
  ]);
  for (const [name, plan] of plans) expect([name, wideReads(plan)]).toEqual([name, []]);
});
