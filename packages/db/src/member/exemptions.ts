import { checkSsoExemption, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { ExemptionSchema } from "../model/member.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { isOwner } from "./member-columns.ts";

/** A member exempt from the account locks or from the single sign-on requirement. */
type Exemption = Awaited<ReturnType<typeof list>>[number];

type Kind = "locks" | "sso";
type NotFound = Refusal<"memberNotFound">;

/** By name, at most 1,000. */
export function listLockExemptions(sql: Queryable, organizationId: string): Promise<readonly Exemption[]> {
  return list(sql, organizationId, { kind: "locks", max: 1000 });
}

/** By name, at most 500. */
export function listSsoExemptions(sql: Queryable, organizationId: string): Promise<readonly Exemption[]> {
  return list(sql, organizationId, { kind: "sso", max: 500 });
}

/** Lets a member leave and change email and password as if unmanaged; `false` ends that. `memberId` must be a UUID. */
export function setLockExemption(
  database: Database,
  context: WriteContext,
  { memberId, isExempt }: { readonly memberId: string; readonly isExempt: boolean },
): Promise<Result<void, NotFound>> {
  const kind = isExempt ? "member.lock_exempted" : "member.lock_exemption_ended";
  const attempt = { kind, subject: subjectOf(memberId) } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Result<void, NotFound>> => {
    const member = await findMember(uow, uow.organizationId, memberId);
    if (member === undefined) return err({ kind: "memberNotFound", memberId });
    if (await setExemption(uow, { memberId, kind: "locks", isExempt })) {
      uow.log({ kind, subject: subjectOf(memberId, member.name) });
    }
    return ok(undefined);
  });
}

type Exempting = Result<void, Refusal<"memberNotFound" | "ssoExemptionNeedless">>;

/** Lets a member sign in with a password. Owners always may and are refused here (AR-74). `memberId` must be a UUID. */
export async function addSsoExemption(database: Database, context: WriteContext, memberId: string): Promise<Exempting> {
  const known = await findMember(database.sql, context.organizationId, memberId);
  const attempt = { kind: "sso.exempted", subject: subjectOf(memberId, known?.name) } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Exempting> => {
    const member = await findMember(uow, uow.organizationId, memberId);
    if (member === undefined) return err({ kind: "memberNotFound", memberId });
    const allowed = checkSsoExemption(member);
    if (!allowed.ok) return allowed;
    if (await setExemption(uow, { memberId, kind: "sso", isExempt: true })) {
      uow.log({ ...attempt, after: { isExempt: true } });
    }
    return ok(undefined);
  });
}

/** Ends a member's exemption; `memberNotFound` without one. */
export function removeSsoExemption(
  database: Database,
  context: WriteContext,
  memberId: string,
): Promise<Result<void, NotFound>> {
  const attempt = { kind: "sso.exemption_ended", subject: subjectOf(memberId) } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Result<void, NotFound>> => {
    const isEnded = await setExemption(uow, { memberId, kind: "sso", isExempt: false });
    if (!isEnded) return err({ kind: "memberNotFound", memberId });
    const member = await findMember(uow, uow.organizationId, memberId);
    uow.log({ ...attempt, subject: subjectOf(memberId, member?.name), before: { isExempt: true } });
    return ok(undefined);
  });
}

function list({ db }: Queryable, organizationId: string, { kind, max }: { readonly kind: Kind; readonly max: number }) {
  return db
    .selectFrom("exemption as e")
    .innerJoin("member as m", (on) =>
      on.onRef("m.organizationId", "=", "e.organizationId").onRef("m.id", "=", "e.memberId"),
    )
    .where("e.organizationId", "=", organizationId)
    .where("e.kind", "=", kind)
    .where("m.isDeleted", "=", false)
    .select(["m.id as memberId", "m.name", "m.userName", "e.createdBy", "e.createdAt"])
    .orderBy("m.nameKey")
    .orderBy("m.id")
    .limit(max)
    .execute();
}

/** Locks the member, as a concurrent deletion would not see a new exemption. */
function findMember({ db }: Queryable, organizationId: string, memberId: string) {
  return db
    .selectFrom("member as m")
    .where("m.organizationId", "=", organizationId)
    .where("m.id", "=", memberId)
    .where("m.isDeleted", "=", false)
    .select(["m.name", isOwner.$castTo<boolean>().as("isOwner")])
    .forNoKeyUpdate("m")
    .executeTakeFirst();
}

/** False if nothing changed. */
async function setExemption(
  { em, organizationId, actor, now }: UnitOfWork,
  { memberId, kind, isExempt }: { readonly memberId: string; readonly kind: Kind; readonly isExempt: boolean },
): Promise<boolean> {
  const found = await em.findOne(ExemptionSchema, { memberId, kind });
  if ((found !== null) === isExempt) return false;
  if (found === null) {
    em.create(ExemptionSchema, { organizationId, memberId, kind, createdBy: actor.name, createdAt: now });
  } else em.remove(found);
  return true;
}

const subjectOf = (id: string, name = "") => ({ kind: "member", id, name }) as const;
