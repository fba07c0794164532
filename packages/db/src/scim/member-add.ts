import { createMember, domainOf, emailKey, type CreationPlan, type MemberInput } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { releaseAddress } from "../account/address-release.ts";
import { keyedFields } from "../member/member-fields.ts";
import type { MemberRow } from "../member/member-columns.ts";
import { closingValue } from "../member/saved-member.ts";
import { changeValue } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { violatedUnique } from "../store/violation.ts";
import { entryOf, type RequestStamp, type WriteContext } from "../store/write-context.ts";
import { contextOf, judgeCaller, type Caller, type CallerRefusal, type Credential } from "./caller.ts";
import { noteRefusal, type AddRefusal } from "./member-add-refusal.ts";
import { addFacts, factsOf } from "./member-add-facts.ts";
import { insert, revive } from "./member-insert.ts";

export type AddOutcome = {
  readonly caller: Result<Caller, CallerRefusal>;
  readonly added?: Result<MemberRow, AddRefusal>;
};

const retriesMax = 3;

/**
 * Adds a person (POST /Users): facts, decision and save in two round trips. Unique indexes detect a concurrent POST of
 * the same person; then the facts are read again, at most three times.
 */
export async function addMember(
  database: Database,
  credential: Credential,
  input: MemberInput,
  at: RequestStamp,
): Promise<AddOutcome> {
  const { sql } = database;
  for (let attempt = 0; ; attempt++) {
    const { userName, externalId } = input;
    const { keyId } = credential;
    const params = { keyId, userNameKey: emailKey(userName), externalId, domain: domainOf(userName) };
    const [row] = await sql.run(addFacts, params);
    const caller = judgeCaller(row, credential, at.now);
    if (!caller.ok || row === undefined) return { caller };
    const context = contextOf(caller.value, at);
    const plan = createMember(factsOf(row), input);
    if (!plan.ok) return { caller, added: err(await noteRefusal(sql, context, input, plan.error)) };
    const added = await saveReleasing(database, context, plan.value, row.callerDomainsVersion);
    if (added !== "again") return { caller, added: ok(added) };
    if (attempt >= retriesMax) throw new Error("Concurrent requests have added and deleted this person too often.");
  }
}

/** As `save`, in a transaction that also removes the address and credentials of its former holder. */
async function saveReleasing(
  database: Database,
  context: WriteContext,
  plan: CreationPlan,
  domainsVersion: number,
): Promise<MemberRow | "again"> {
  const { releases } = plan;
  if (releases === undefined) return save(database.sql, context, plan, domainsVersion);
  return database.transaction(
    async (tx) => {
      // Before the account, as everywhere.
      const settings = tx.db.selectFrom("provisioning").where("organizationId", "=", context.organizationId);
      await settings.select("organizationId").forKeyShare().execute();
      return (await releaseAddress(tx, releases, context)) ? save(tx, context, plan, domainsVersion) : "again";
    },
    (saved) => saved !== "again",
  );
}

/** The saved member, or "again" if a concurrent write has changed the facts. */
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
  const { organizationId, now, defaultRoleId } = context;
  const params = {
    ...keyedFields(plan.fields),
    organizationId,
    memberId: id,
    accountId: plan.accountId ?? null,
    newAccountId: newId(),
    now,
    awaitsAcceptance: plan.awaitsAcceptance,
    grantsDefaultRole: plan.grantsDefaultRole,
    defaultRoleId,
    entries: changeValue([entry]),
    closing: closingValue(context, plan.fields.userName),
    domainsVersion,
  };
  try {
    const [saved] = await sql.run(plan.memberId === undefined ? insert : revive, params);
    return saved ?? "again";
  } catch (cause) {
    if (violatedUnique(cause) === undefined) throw cause;
    return "again";
  }
}
