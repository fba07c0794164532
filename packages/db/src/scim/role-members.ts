import { pushMembers, type ChangeKind, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../change-log.ts";
import type { RoleRow } from "../role-row.ts";
import type { Queryable } from "../statement.ts";
import { entryOf, type WriteContext } from "../write-context.ts";
import type { ShownMember } from "./role-read.ts";

/** One change to who the directory has put into a role. `removeWhere` looks at those who are in it now. */
export type MemberStep =
  | { readonly kind: "add" | "remove" | "set"; readonly memberIds: readonly string[] }
  | { readonly kind: "removeWhere"; readonly matches: (member: ShownMember) => boolean };

type StepRefusal = Refusal<"roleNotLinked" | "membersUnknown">;

const uuidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** May somebody lose the role by these steps? */
export function mayTakeMembers(steps: readonly MemberStep[]): boolean {
  return steps.some(({ kind }) => kind !== "add");
}

/** Is this an id of ours? Ids are compared exactly; anything else can be nobody's. */
export function isUuid(text: string): boolean {
  return uuidShape.test(text);
}

/**
 * Does the steps for a role that is locked, one after the other in mind and in one go in the store: people are locked
 * once and in the order of their ids, so that two pushes never wait for each other in a circle, and who is taken out and
 * put back in one call has lost nothing. Returns how many people lost the role.
 */
export async function applyMemberSteps(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow,
  steps: readonly MemberStep[],
): Promise<Result<number, StepRefusal>> {
  const meant = steps.filter((step) => step.kind === "set" || step.kind === "removeWhere" || step.memberIds.length > 0);
  if (meant.length === 0) return ok(0);
  const allowed = pushMembers(role);
  if (!allowed.ok) return allowed;
  const wanted = new Set(meant.flatMap((step) => (step.kind === "add" || step.kind === "set" ? step.memberIds : [])));
  const before = await inRole(tx, context, role, meant);
  const peopleById = new Map(before.map((one) => [one.id, one]));
  const others = [...wanted].filter((id) => !peopleById.has(id));
  for (const one of await query(tx, membersById, [context.organizationId, others.filter(isUuid)])) {
    peopleById.set(one.id, one);
  }
  const after = membersAfter(meant, new Set(before.map(({ id }) => id)), peopleById);
  const leaving = before.filter(({ id }) => !after.has(id)).map(({ id }) => id);
  const locked = await query(tx, lockMembers, [context.organizationId, [...others.filter(isUuid), ...leaving]]);
  const known = new Set(locked.map(({ id }) => id));
  const unknown = others.filter((id) => !known.has(id));
  if (unknown.length > 0) return err({ kind: "membersUnknown", memberIds: unknown });
  const joining = others.filter((id) => after.has(id));
  const joined = await query(tx, grant, [context.organizationId, role.id, joining, context.now]);
  await follow(tx, context, role, joined, "member.role_granted");
  return ok(await takeFrom(tx, context, role, leaving, "group"));
}

/** Who is in the role now; only those whom the steps name, where they name all whom they mean. */
function inRole(tx: Queryable, context: WriteContext, role: RoleRow, steps: readonly MemberStep[]): Promise<Person[]> {
  const named = steps.every((step) => step.kind === "add" || step.kind === "remove")
    ? steps.flatMap((step) => ("memberIds" in step ? step.memberIds.filter(isUuid) : []))
    : null;
  const place = [context.organizationId, role.id];
  return named === null ? query(tx, shownInRole, place) : query(tx, namedInRole, [...place, named]);
}

/** Who is in the role after the steps. */
function membersAfter(
  steps: readonly MemberStep[],
  before: ReadonlySet<string>,
  peopleById: ReadonlyMap<string, Person>,
): ReadonlySet<string> {
  const ids = new Set(before);
  for (const step of steps) {
    if (step.kind === "set") ids.clear();
    if (step.kind === "remove") for (const id of step.memberIds) ids.delete(id);
    else if (step.kind !== "removeWhere") for (const id of step.memberIds) ids.add(id);
    else {
      for (const id of ids) {
        const person = peopleById.get(id);
        if (person === undefined || step.matches(person)) ids.delete(id);
      }
    }
  }
  return ids;
}

/** Takes everybody's grants of a role that ends, whatever their source; returns how many people held it. */
export async function dropAllGrants(tx: Queryable, context: WriteContext, role: RoleRow): Promise<number> {
  const people = await query(tx, allHolders, [context.organizationId, role.id]);
  return takeFrom(
    tx,
    context,
    role,
    people.map((person) => person.id),
    "any",
  );
}

/** Nobody drops out of the organization: whose last role this was keeps the default role. */
async function takeFrom(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow,
  memberIds: readonly string[],
  source: "group" | "any",
): Promise<number> {
  if (memberIds.length === 0) return 0;
  const { organizationId, now, defaultRoleId } = context;
  await query(tx, lockMembers, [organizationId, memberIds]);
  const lost = await query(tx, revoke, [organizationId, role.id, memberIds, source]);
  await tx.query(keepDefault, [organizationId, lost.map(({ id }) => id), defaultRoleId, now]);
  await follow(tx, context, role, lost, "member.role_revoked");
  return lost.length;
}

/** Logs one entry a person; a new or former owner's version moves, so that no decision on the old facts is saved. */
async function follow(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow,
  people: readonly Person[],
  kind: ChangeKind,
): Promise<void> {
  const what = { roleId: role.id, role: role.name, source: "group" };
  const isGiven = kind === "member.role_granted";
  await recordChanges(
    tx,
    people.map((person) => ({
      ...entryOf(context),
      subject: { kind: "member", id: person.id, name: person.name },
      kind,
      ...(isGiven ? { after: what } : { before: what }),
    })),
  );
  if (people.length === 0) return;
  await tx.query(touchRole, [context.organizationId, role.id, context.now]);
  if (role.kind !== "custom") await tx.query(bump, [context.organizationId, people.map(({ id }) => id)]);
}

type Person = { readonly id: string; readonly name: string; readonly userName: string };
const personRow = z.object({ id: z.string(), name: z.string(), userName: z.string() });

async function query(tx: Queryable, statement: { name: string; text: string }, values: unknown[]): Promise<Person[]> {
  return (await tx.query(statement, values)).map((row) => personRow.parse(row));
}

const person = `m.id, m.name, m.user_name as "userName"`;

const membersById = {
  name: "role_members_by_id",
  text: `select ${person} from member m where m.organization_id = $1 and m.id = any($2::uuid[]) and not m.is_deleted`,
};
/** Not `for update`: that would also stop whoever refers to the person in a grant, and wait in a circle with them. */
const lockMembers = {
  name: "role_members_lock",
  text: `select ${person} from member m where m.organization_id = $1 and m.id = any($2::uuid[])
    and not m.is_deleted order by m.id for no key update`,
};
const shownInRole = {
  name: "role_members_of_group",
  text: `select ${person} from role_grant g join member m on m.organization_id = g.organization_id and m.id = g.member_id
    where g.organization_id = $1 and g.role_id = $2 and g.source = 'group' and not m.is_deleted order by m.id`,
};
/** A statement of its own, as PostgreSQL looks a list up by index only where nothing else is an alternative to it. */
const namedInRole = {
  name: "role_members_named",
  text: shownInRole.text.replace("order by", "and g.member_id = any($3::uuid[]) order by"),
};
const allHolders = {
  name: "role_holders",
  text: `select distinct ${person} from role_grant g
    join member m on m.organization_id = g.organization_id and m.id = g.member_id
    where g.organization_id = $1 and g.role_id = $2 order by m.id`,
};
const grant = {
  name: "role_members_grant",
  text: `with added as (insert into role_grant (organization_id, member_id, role_id, source, created_at)
      select $1, id, $2, 'group', $4 from unnest($3::uuid[]) as id on conflict do nothing returning member_id)
    select ${person} from added join member m on m.organization_id = $1 and m.id = added.member_id`,
};
const revoke = {
  name: "role_members_revoke",
  text: `with gone as (delete from role_grant where organization_id = $1 and role_id = $2 and member_id = any($3::uuid[])
      and ($4 = 'any' or source = $4) returning member_id)
    select distinct ${person} from gone join member m on m.organization_id = $1 and m.id = gone.member_id`,
};
const keepDefault = {
  name: "role_members_keep_default",
  text: `insert into role_grant (organization_id, member_id, role_id, source, created_at)
    select $1, m.id, $3::uuid, 'default', $4 from member m
    where m.organization_id = $1 and m.id = any($2::uuid[]) and m.active and not m.is_deleted and $3::uuid is not null
      and not exists (select 1 from role_grant g where g.organization_id = $1 and g.member_id = m.id)
    on conflict do nothing`,
};
const touchRole = {
  name: "role_touch",
  text: "update role set updated_at = $3 where organization_id = $1 and id = $2",
};
const bump = {
  name: "member_bump",
  text: "update member set version = version + 1 where organization_id = $1 and id = any($2::uuid[])",
};
