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

export type UnknownMembers = { readonly kind: "membersUnknown"; readonly memberIds: readonly string[] };

type StepRefusal = Refusal<"roleNotLinked"> | UnknownMembers;

const uuidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Is this an id of ours? Ids are compared exactly; anything else can be nobody's. */
export function isUuid(text: string): boolean {
  return uuidShape.test(text);
}

/** Does one step for a role that is locked; returns how many people lost the role. */
export async function applyMemberStep(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow,
  step: MemberStep,
): Promise<Result<number, StepRefusal>> {
  if (step.kind !== "set" && step.kind !== "removeWhere" && step.memberIds.length === 0) return ok(0);
  const allowed = pushMembers(role);
  if (!allowed.ok) return allowed;
  switch (step.kind) {
    case "add":
      return add(tx, context, role, step.memberIds);
    case "remove":
      return ok(await take(tx, context, role, step.memberIds.filter(isUuid)));
    case "set": {
      const wanted = new Set(step.memberIds);
      const added = await add(tx, context, role, step.memberIds);
      if (!added.ok) return added;
      const leaving = (await inRole(tx, context, role)).filter((member) => !wanted.has(member.id));
      return ok(
        await take(
          tx,
          context,
          role,
          leaving.map((member) => member.id),
        ),
      );
    }
    case "removeWhere": {
      const leaving = (await inRole(tx, context, role)).filter(step.matches);
      return ok(
        await take(
          tx,
          context,
          role,
          leaving.map((member) => member.id),
        ),
      );
    }
  }
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

async function add(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow,
  memberIds: readonly string[],
): Promise<Result<number, UnknownMembers>> {
  const wanted = [...new Set(memberIds)];
  const known = new Set(
    (await query(tx, lockMembers, [context.organizationId, wanted.filter(isUuid)])).map(({ id }) => id),
  );
  const unknown = wanted.filter((id) => !known.has(id));
  if (unknown.length > 0) return err({ kind: "membersUnknown", memberIds: unknown });
  const added = await query(tx, grant, [context.organizationId, role.id, wanted, context.now]);
  await follow(tx, context, role, added, "member.role_granted");
  return ok(0);
}

function take(tx: Queryable, context: WriteContext, role: RoleRow, memberIds: readonly string[]): Promise<number> {
  return takeFrom(tx, context, role, memberIds, "group");
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

function inRole(tx: Queryable, context: WriteContext, role: RoleRow): Promise<Person[]> {
  return query(tx, shownInRole, [context.organizationId, role.id]);
}

const person = `m.id, m.name, m.user_name as "userName"`;

const lockMembers = {
  name: "role_members_lock",
  text: `select ${person} from member m where m.organization_id = $1 and m.id = any($2::uuid[])
    and m.deleted_at is null order by m.id for update`,
};
const shownInRole = {
  name: "role_members_of_group",
  text: `select ${person} from role_grant g join member m on m.organization_id = g.organization_id and m.id = g.member_id
    where g.organization_id = $1 and g.role_id = $2 and g.source = 'group' and m.deleted_at is null order by m.id`,
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
    where m.organization_id = $1 and m.id = any($2::uuid[]) and m.active and m.deleted_at is null and $3::uuid is not null
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
