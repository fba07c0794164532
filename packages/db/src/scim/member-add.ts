import {
  createMember,
  domainOf,
  emailKey,
  type CreationFacts,
  type CreationPlan,
  type MemberInput,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { releaseAddress } from "../account/address-release.ts";
import { endMailedTo } from "../account/link-end.ts";
import { changeCte, changeValue } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { currentDefaultRole, whileDomainsAre } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { violatedUnique } from "../store/violation.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import {
  callerCte,
  contextOf,
  judgeCaller,
  type CallTime,
  type Caller,
  type CallerRefusal,
  type Credential,
} from "./caller.ts";
import { closeInvitation, closingValue } from "../invitation/invitation-close.ts";
import { fieldColumns, fieldValues, places } from "../member/member-fields.ts";
import { inviteFrom, memberColumns, memberOf, touched, type MemberRow } from "../member/member-row.ts";
import { noteRefusal, type AddRefusal } from "./member-add-refusal.ts";
import { isMember } from "./member-read.ts";
import { newId } from "../store/id.ts";

/**
 * The facts of a POST in one round trip. The person is here already also under another userName, where another
 * organization has moved the account's address. The former identity is the one deleted last.
 */
const facts = {
  name: "scim_member_add_facts",
  keepsPlan: true,
  text: `with ${callerCte}
    select caller.*, account.id as "accountId", former.id as "formerId", former.external_id as "formerExternalId",
      former.last_external_id as "formerLastExternalId", former.account_id = account.id as "isFormerHolder",
      former.is_external_id_taken as "isFormerExternalIdTaken",
      exists (select 1 from member used where used.account_id = account.id and not used.is_deleted) as "isAccountInUse",
      exists (select 1 from member was where was.organization_id = "callerOrganizationId" and was.user_name_key = $2
        and was.is_deleted and was.account_id = account.id) as "wasAccountHere",
      ${isMember("user_name_key", "$2")} or ${isMember("account_id", "account.id")} as "isUserNameTaken",
      ${isMember("external_id", "$3")} as "isExternalIdTaken",
      exists (select 1 from verified_domain d where d.organization_id = "callerOrganizationId"
        and d.domain = $4) as "isDomainVerified"
    from caller left join account on account.email_key = $2
    left join lateral (select m.id, m.account_id, m.external_id, m.last_external_id,
        ${isMember("external_id", "m.external_id")} as is_external_id_taken
      from member m
      where m.organization_id = "callerOrganizationId" and m.user_name_key = $2 and m.is_deleted
      order by (coalesce(m.last_external_id, m.external_id) is not distinct from $3) desc, m.deleted_at desc
      limit 1) former on true`,
};

const factsRow = z.object({
  accountId: z.string().nullable(),
  isAccountInUse: z.boolean(),
  wasAccountHere: z.boolean(),
  formerId: z.string().nullable(),
  isFormerHolder: z.boolean().nullable(),
  formerExternalId: z.string().nullable(),
  formerLastExternalId: z.string().nullable(),
  isFormerExternalIdTaken: z.boolean().nullable(),
  isUserNameTaken: z.boolean(),
  isExternalIdTaken: z.boolean(),
  isDomainVerified: z.boolean(),
  callerDomainsVersion: z.number(),
});

export type AddOutcome = {
  readonly caller: Result<Caller, CallerRefusal>;
  readonly added?: Result<MemberRow, AddRefusal>;
};

const triesMax = 3;

/**
 * Adds a person (POST /Users): facts, decision and save in two round trips. Somebody else who adds the same person at
 * the same moment is found by the unique indexes; then the facts are read again, at most three times.
 */
export async function addMember(
  database: Database,
  credential: Credential,
  input: MemberInput,
  at: CallTime,
): Promise<AddOutcome> {
  const { sql } = database;
  for (let attempt = 0; ; attempt++) {
    const key = emailKey(input.userName);
    const [row] = await sql.query(facts, [credential.keyId, key, input.externalId, domainOf(input.userName)]);
    const caller = judgeCaller(row, credential, at.now);
    if (!caller.ok || row === undefined) return { caller };
    const context = contextOf(caller.value, at);
    const known = factsRow.parse(row);
    const plan = createMember(factsOf(known), input);
    if (!plan.ok) return { caller, added: err(await noteRefusal(sql, context, input, plan.error)) };
    const added = await saveReleasing(database, context, plan.value, known.callerDomainsVersion);
    if (added !== "again") return { caller, added: ok(added) };
    if (attempt >= triesMax) throw new Error("A person was added and deleted by others several times at once.");
  }
}

function factsOf(row: z.infer<typeof factsRow>): CreationFacts {
  const { formerId, accountId } = row;
  return {
    isUserNameTaken: row.isUserNameTaken,
    isExternalIdTaken: row.isExternalIdTaken,
    isDomainVerified: row.isDomainVerified,
    account: accountId === null ? null : { id: accountId, isInUse: row.isAccountInUse, wasHere: row.wasAccountHere },
    deleted:
      formerId === null
        ? null
        : {
            id: formerId,
            isHolder: row.isFormerHolder ?? false,
            externalId: row.formerExternalId,
            lastExternalId: row.formerLastExternalId,
            isExternalIdTaken: row.isFormerExternalIdTaken ?? false,
          },
  };
}

const granted = `granted as (insert into role_grant (organization_id, member_id, role_id, source, created_at)
  select m.organization_id, m.id, ${currentDefaultRole(19)}, 'default', $4 from saved m where $18::boolean
  on conflict do nothing)`;

/**
 * $1 organization, $2 member, $3 account, $4 now, $5-$16 fields, $17 awaits, $18/$19 default role, $20 log entry, $21 that
 * of an invitation that is closed, $22 the id of an account that is made where $3 is null and nothing is awaited, $23 the version of the domains. Account before member, in the order in which an
 * e-mail moves, so that the two never wait for each other in a circle: that is why `saved` asks for `joined`. It is empty where
 * the account has lost the address meanwhile.
 */
const joined = `made as (insert into account (id, email, email_key, name, created_at, updated_at)
      select $22::uuid, $5, $6, $14, $4, $4 from provisioned where $3::uuid is null and not $17 returning id),
    known as (select id from account where id = $3 and email_key = $6 for key share),
    joined as (select id from made union all select id from known
      union all select null from provisioned where $17)`;

/** The organization's own invitation is closed, and logged, by `closeInvitation`. */
const mailedBefore = endMailedTo("$6", "$4", {
  isGiven: "exists (select 1 from saved where not awaits_acceptance)",
  isNew: "organization_id <> $1 and exists (select 1 from made) and exists (select 1 from saved)",
});

const inviteDue = `case when $17 then ${inviteFrom(4)} end`;

/** Nothing of before comes back: a role that was being given while the person was deleted is still there. */
const revive = {
  name: "scim_member_revive",
  text: `with ${whileDomainsAre(23)}, ${joined}, saved as (update member set (${fieldColumns}, awaits_acceptance, invite_at) =
      (${places(5, 16)}, $17, ${inviteDue}), account_id = joined.id, accepted_at = null, is_managed = true, deleted_at = null, ${touched(4)}
      from joined where organization_id = $1 and member.id = $2 and is_deleted
        and exists (select 1 from provisioned) returning member.*),
    cleared as (delete from role_grant where organization_id = $1 and member_id = (select id from saved)
      and not ($18::boolean and role_id = ${currentDefaultRole(19)} and source = 'default')),
    ${granted}, ${mailedBefore}, ${changeCte("saved", 20)}, ${closeInvitation("exists (select 1 from saved)", 21)}
    select ${memberColumns} from saved m`,
};

const insert = {
  name: "scim_member_insert",
  keepsPlan: true,
  text: `with ${whileDomainsAre(23)}, ${joined},
    saved as (insert into member (organization_id, id, account_id, ${fieldColumns}, awaits_acceptance, invite_at, is_managed,
        version, created_at, updated_at)
      select $1, $2, joined.id, ${places(5, 16)}, $17, ${inviteDue}, true, 1, $4, $4 from provisioned, joined returning *),
    ${granted}, ${mailedBefore}, ${changeCte("saved", 20)}, ${closeInvitation("exists (select 1 from saved)", 21)}
    select ${memberColumns} from saved m`,
};

/** As `save`, in a transaction with what a former holder of the address loses. */
async function saveReleasing(
  database: Database,
  context: WriteContext,
  plan: CreationPlan,
  domainsVersion: number,
): Promise<MemberRow | "again"> {
  const { releases } = plan;
  if (releases === undefined) return save(database.sql, context, plan, domainsVersion);
  return database.transaction(
    async (tx) => ((await releaseAddress(tx, releases, context)) ? save(tx, context, plan, domainsVersion) : "again"),
    (saved) => saved !== "again",
  );
}

/** The saved member, or "again" where somebody was faster and the facts no longer hold. */
async function save(
  sql: Queryable,
  context: WriteContext,
  plan: CreationPlan,
  domainsVersion: number,
): Promise<MemberRow | "again"> {
  const id = plan.memberId ?? newId();
  const entry = {
    ...entryOf(context),
    subject: { kind: "member", id, name: plan.fields.name },
    kind: plan.memberId === undefined ? "member.created" : "member.revived",
    after: { ...plan.fields, ...(plan.awaitsAcceptance ? { awaitsAcceptance: true } : {}) },
  } as const;
  const values = [
    context.organizationId,
    id,
    plan.accountId ?? null,
    context.now,
    ...fieldValues(plan.fields),
    plan.awaitsAcceptance,
    plan.grantsDefaultRole,
    context.defaultRoleId,
    changeValue([entry]),
    closingValue(context, plan.fields.userName),
    newId(),
    domainsVersion,
  ];
  try {
    const [row] = await sql.query(plan.memberId === undefined ? insert : revive, values);
    return memberOf(row) ?? "again";
  } catch (cause) {
    if (violatedUnique(cause) === undefined) throw cause;
    return "again";
  }
}
