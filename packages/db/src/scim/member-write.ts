import type { ChangeKind, MemberInput, Refusal } from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import type { GuardLoss } from "../guard/guard-check.ts";
import type { MemberRow } from "../member/member-columns.ts";
import { statement } from "../store/statement.ts";
import { violatedUnique } from "../store/violation.ts";
import type { RequestStamp } from "../store/write-context.ts";
import { withCaller, type Caller, type CallerRefusal, type Credential } from "./caller.ts";

export type ChangeRefusal = Refusal<
  | "userNameNotEmail"
  | "userNameTaken"
  | "emailTaken"
  | "externalIdTaken"
  | "domainNotVerified"
  | "emailFixedAtFirstContact"
  | "lastOwner"
  | "guardTripped"
  | "guardRejected"
  | "memberNotFound"
>;

/** The write to a member: new fields (PUT, PATCH) or its deletion. */
export type Intent = { readonly kind: "change"; readonly input: MemberInput } | { readonly kind: "delete" };

/**
 * A request that changes one member. `intend` derives the input from the member's current state; its own errors are
 * passed on.
 */
export type MemberWrite<E> = RequestStamp & {
  readonly credential: Credential;
  readonly id: string;
  readonly intend: (member: MemberRow) => Result<Intent, E>;
};

export type WriteOutcome<E> =
  | { readonly kind: "callerRefused"; readonly refusal: CallerRefusal }
  | { readonly kind: "invalid"; readonly caller: Caller; readonly error: E }
  | {
      readonly kind: "refused";
      readonly caller: Caller;
      readonly member: MemberRow | null;
      readonly refusal: ChangeRefusal;
      /** The kind of the log entry. */
      readonly attempted: ChangeKind;
      /** The losses that the guard has refused; undefined for any other refusal. */
      readonly losses?: readonly GuardLoss[];
    }
  | { readonly kind: "saved"; readonly caller: Caller; readonly member: MemberRow };

/** Maps a violated unique index to a refusal; rethrows any other error. */
export function refusalOfIndex(cause: unknown, input: MemberInput): ChangeRefusal {
  switch (violatedUnique(cause)) {
    case "member_user_name_unique":
      return { kind: "userNameTaken", userName: input.userName };
    case "member_external_id_unique":
      return { kind: "externalIdTaken", externalId: input.externalId ?? "" };
    case "account_email_unique":
    case "member_account_unique":
      return { kind: "emailTaken", email: input.userName };
    default:
      throw cause;
  }
}

/**
 * Locks the caller's organization, then the member's account and the member, as everywhere, so that the facts are stable
 * until the save.
 */
export const lockMember = statement<{ readonly keyId: string; readonly id: string }>()((db, p) =>
  withCaller(db, p)
    .with(
      (cte) => cte("locked").materialized(),
      (from) =>
        from
          .selectFrom("provisioning as p")
          .where("p.organizationId", "=", (eb) => eb.selectFrom("caller").select("caller.callerOrganizationId"))
          .select("p.organizationId")
          .forNoKeyUpdate(),
    )
    .with(
      (cte) => cte("own").materialized(),
      (from) =>
        from
          .selectFrom("account as a")
          .where("a.id", "=", (eb) =>
            eb
              .selectFrom("locked")
              .innerJoin("member as m", "m.organizationId", "locked.organizationId")
              .where("m.id", "=", p("id"))
              .select("m.accountId"),
          )
          .select("a.id")
          .forUpdate(),
    )
    .selectFrom("locked")
    .innerJoin("member as m", "m.organizationId", "locked.organizationId")
    .where("m.id", "=", p("id"))
    // Always true, and evaluated first: PostgreSQL would not read a part that nothing names, and so not lock the account.
    .where(sql<boolean>`(select count(*) from own) >= 0`)
    .select("m.id")
    .forUpdate(["m"]),
);
