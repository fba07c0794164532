import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { setGuard } from "../guard/guard-settings.ts";
import { openDatabase } from "../store/database.ts";
import { migratedDatabase } from "../testing/migrated-database.ts";
import { loadCaller } from "./caller.ts";
import { findMember, readMember } from "./member-read.ts";
import { changeRole } from "./role-write.ts";
import { newTenant, now, person, type Tenant } from "../testing/scim-database.ts";

const scratch = await migratedDatabase();
// One connection and the shared one, so that they have all statements prepared.
const database = await openDatabase(scratch.url, { poolSize: 1 });
afterAll(async () => {
  await database.close();
  await scratch.drop();
});

type Node = { [key: string]: unknown; Plans?: Node[] | undefined };
const node: z.ZodType<Node> = z.lazy(() => z.looseObject({ Plans: z.array(node).optional() }));
const explained = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: node })]) })]);

/** Read for a whole organization, which has few rows there, by the only index. */
const wholeKeys = ["provisioning_pkey", "member_count_pkey", "guard_tally_pkey"];

/** The reads of tables in a plan that use no index or only its organization column. */
function wideReads(plan: Node): readonly string[] {
  const { "Relation Name": table, "Index Name": index, "Index Cond": condition = "" } = plan;
  const isByOrganization =
    /^\(organization_id [^ ]+ [^)]*\)$/.test(String(condition)) && !wholeKeys.includes(String(index));
  const isByRole = String(index).startsWith("role_grant") && !String(condition).includes("member_id");
  const isShort = condition === "" || isByOrganization || isByRole;
  const isWide = plan["Node Type"] === "Seq Scan" || (index !== undefined && isShort);
  const own = isWide ? [`${String(table)} by ${String(index)}: ${String(condition)}`] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(wideReads)];
}

const hotStatements = [
  "change_add",
  "guard_facts",
  "member_update",
  "member_update_alone",
  "member_update_details",
  "role_grants_save",
  "role_members_lock",
  "scim_caller",
  "scim_member_add_facts",
  "scim_member_by_id",
  "scim_member_by_user_name",
  "scim_member_for_write",
  "scim_member_insert",
  "scim_role_open",
];
const peopleMax = 600;
const step = 20;

// A plan made while the tables are small is kept while they grow without statistics, so it must use whole keys from the
// start.
test("every kept plan uses whole keys, regardless of table sizes when it was made", async () => {
  const tenant = await newTenant(database, "Planned");
  await ask("alter table member set (autovacuum_enabled = off)");
  await loadCaller(database.sql, tenant.credential, now);
  await setGuard(database, tenant.context, true);
  const { id: removed } = await tenant.add(person("removed@planned.example"));
  await tenant.write(removed, () => ({ active: false }));
  await setGuard(database, tenant.context, false);
  for (let count = 0; count < peopleMax; count += step) {
    for (let n = count; n < count + step; n++) {
      const input = person(`${n}.some-body@planned.example`, { externalId: `00u${n}xyzzy` });
      const { id } = await tenant.add(input);
      await findMember(database.sql, tenant.credential, input.userName, now);
      await readMember(database.sql, tenant.credential, id, now);
      if (n !== count) continue;
      await tenant.write(id, () => ({ givenName: "Ada" }));
      await tenant.write(id, () => ({ active: false }));
      await pushOne(tenant, `Group ${n}`, id);
    }
    const plans = [...(await keptPlans(false)), ...(await keptPlans(true))];
    expect(plans.map(([name]) => name).toSorted()).toEqual(hotStatements);
    for (const [name, plan] of plans) expect([name, count, wideReads(plan)]).toEqual([name, count, []]);
  }
});

/** Creates a group, adds the person and removes them. */
async function pushOne(tenant: Tenant, name: string, memberId: string): Promise<void> {
  const groupId = await tenant.addGroup(name);
  for (const kind of ["add", "remove"] as const)
    await changeRole(database, tenant.request, groupId, { members: [{ kind, memberIds: [memberId] }] });
}

const ask = (text: string, isShared = false): Promise<readonly unknown[]> =>
  database.sql.send({ sql: text, parameters: [], isShared });

/** Every prepared statement of a connection, planned again for the present tables. */
async function keptPlans(isShared: boolean): Promise<readonly [name: string, plan: Node][]> {
  await ask("discard plans", isShared);
  await ask("set plan_cache_mode = force_generic_plan", isShared);
  const kept = await ask("select name, cardinality(parameter_types) as places from pg_prepared_statements", isShared);
  const plans: [string, Node][] = [];
  for (const { name, places } of z.array(z.object({ name: z.string(), places: z.number() })).parse(kept)) {
    const [row] = explained.parse(await ask(`explain (format json) execute "${name}"${nulls(places)}`, isShared));
    plans.push([name, row["QUERY PLAN"][0].Plan]);
  }
  return plans;
}

const nulls = (count: number): string => `(${Array.from({ length: count }, () => "null").join(", ")})`;
