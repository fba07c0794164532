import { expressionBuilder, sql, type Expression } from "kysely";
import { isPasswordLocked } from "../account/lock-columns.ts";
import type { Queryable } from "../store/queryable.ts";
import { statement, type Parameter } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";
import { isBeingRemoved } from "./member-columns.ts";

const ofMember = expressionBuilder<Tables & { m: Tables["member"] }, "m">();

/**
 * Whether the account of the member `m` has a way to sign in. A person whom the directory has added has no password, and
 * cannot set one while account locks hold.
 */
const maySignIn = ofMember.exists(
  ofMember
    .selectFrom("account as a")
    .whereRef("a.id", "=", "m.accountId")
    .where("a.email", "is not", null)
    .where((eb) =>
      eb.or([
        eb("a.passwordHash", "is not", null),
        eb.not(isPasswordLocked),
        eb.exists(
          eb
            .selectFrom("sso_connection as c")
            .whereRef("c.organizationId", "=", "m.organizationId")
            .where("c.testedAt", "is not", null)
            .select("c.organizationId"),
        ),
      ]),
    )
    .select("a.id"),
);

/**
 * The number of owners with access other than `memberId`, counted up to two; of those who can sign in, if that member can,
 * as nobody else could then help them. Read it under the lock.
 */
export async function otherActiveOwners(tx: Queryable, organizationId: string, memberId: string): Promise<number> {
  const [row] = await tx.run(otherOwners, { organizationId, memberId });
  return row?.count ?? 0;
}

type Params = { readonly organizationId: string; readonly memberId: string };

/** The member, if they can sign in. */
const itself = (db: Queryable["db"], p: Parameter<Params>) =>
  db
    .selectFrom("member as m")
    .where("m.organizationId", "=", p("organizationId"))
    .where("m.id", "=", p("memberId"))
    .where(maySignIn)
    .select("m.id");

const otherOwners = statement<Params>()((db, p) =>
  db
    .with("other", () =>
      ownersAsMembers(db, p("organizationId"))
        .where("o.id", "<>", p("memberId"))
        .where("o.hasAccess", "=", sql.lit(true))
        .where("o.isBeingRemoved", "=", sql.lit(false))
        .where((eb) => eb.or([eb("o.maySignIn", "=", sql.lit(true)), eb.not(eb.exists(itself(db, p)))]))
        .limit(sql.lit(2)),
    )
    .selectFrom("other")
    .select((eb) => eb.fn.countAll<number>().as("count")),
);

/**
 * The owners `o` with their members, read by key: as a plain join, the planner reads all members for a few owners.
 * `hasAccess`: active and accepted, with an account that has an address to sign in with (rule 5a may take it).
 */
export function ownersAsMembers(db: Queryable["db"], organizationId: string | Expression<string>) {
  const held = db
    .selectFrom("role as r")
    .innerJoin("role_grant as g", (on) =>
      on.onRef("g.organizationId", "=", "r.organizationId").onRef("g.roleId", "=", "r.id"),
    )
    .where("r.organizationId", "=", organizationId)
    .where("r.kind", "=", sql.lit("owner"))
    .distinct()
    .select("g.memberId")
    .as("held");
  return db
    .selectFrom(held)
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom("member as m")
          .where("m.organizationId", "=", organizationId)
          .whereRef("m.id", "=", "held.memberId")
          .select(["m.id", "m.name", "m.nameKey", "m.accountId", "m.isManaged", "m.active", "m.isDeleted"])
          .select(
            sql<boolean>`m.active and not m.awaits_acceptance
            and exists (select from account a where a.id = m.account_id and a.email is not null)`.as("hasAccess"),
          )
          .select(maySignIn.as("maySignIn"))
          .select(isBeingRemoved.as("isBeingRemoved"))
          .limit(sql.lit(1))
          .as("o"),
      (on) => on.on("o.isDeleted", "=", sql.lit(false)),
    )
    .select(["o.id", "o.name", "o.accountId", "o.isManaged", "o.active", "o.hasAccess"]);
}
