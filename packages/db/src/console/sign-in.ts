import { emailKey, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { accountByEmail, holdAccount } from "../account/account-row.ts";
import { passSecondFactor, type ReadTotp } from "../account/two-factor.ts";
import { recordChanges } from "../change-log.ts";
import type { Database } from "../database.ts";
import { verifyPassword } from "../password.ts";
import type { Queryable } from "../statement.ts";
import { endSession, startSession, type Browser, type Session } from "./session.ts";

/** An organization that a person belongs to; `isAwaiting`: access begins when they accept. */
export type Membership = { readonly id: string; readonly name: string; readonly isAwaiting: boolean };

/** What somebody gives to get in. `code`: of the second factor, where they have been asked for it. */
export type SignInGiven = {
  readonly email: string;
  readonly password: string;
  readonly code?: string | undefined;
  readonly readTotp: ReadTotp;
};

type SignInRefusal = Refusal<"signInWrong" | "twoFactorRequired" | "twoFactorWrong">;

/**
 * Signs a person in to their first organization, one that awaits acceptance last. Returns the cookie's text. A wrong
 * e-mail, a wrong password and a person without access get one refusal after the same work; only who knows the password
 * learns that a second factor is on. A refusal leaves no row behind.
 */
export async function signIn(
  database: Database,
  given: SignInGiven,
  browser: Browser,
  now: Date,
): Promise<Result<string, SignInRefusal>> {
  const account = await accountByEmail(database.sql, emailKey(given.email));
  const isRight = await verifyPassword(given.password, account?.passwordHash ?? null);
  if (!isRight || account === undefined) return err({ kind: "signInWrong" });
  const [first] = await listMemberships(database.sql, account.id);
  if (first === undefined) return err({ kind: "signInWrong" });
  return database.transaction(
    async (tx): Promise<Result<string, SignInRefusal>> => {
      const second = await passIfAsked(tx, account.id, given, now);
      if (!second.ok) return second;
      const cookie = await startSession(tx, { organizationId: first.id, accountId: account.id }, browser, now);
      return cookie === undefined ? err({ kind: "signInWrong" }) : ok(cookie);
    },
    (outcome) => outcome.ok,
  );
}

async function passIfAsked(
  tx: Queryable,
  accountId: string,
  { code, readTotp }: SignInGiven,
  now: Date,
): Promise<Result<void, SignInRefusal>> {
  const account = await holdAccount(tx, accountId);
  if (account === undefined) return err({ kind: "signInWrong" });
  if (account.totpConfirmedAt === null) return ok(undefined);
  if (code === undefined || code.trim() === "") return err({ kind: "twoFactorRequired" });
  return (await passSecondFactor(tx, account, code, readTotp, now)) ? ok(undefined) : err({ kind: "twoFactorWrong" });
}

/** The organizations where the account is an active member, at most 100; those that await acceptance come last. */
export async function listMemberships(sql: Queryable, accountId: string): Promise<readonly Membership[]> {
  return (await sql.query(memberships, [accountId])).map((row) => membershipRow.parse(row));
}

/** Ends this session and starts one in another organization; undefined where the person has no access there. */
export async function switchOrganization(
  database: Database,
  session: Session,
  organizationId: string,
  browser: Browser,
  now: Date,
): Promise<string | undefined> {
  const accountId = session.account.id;
  const known = await listMemberships(database.sql, accountId);
  if (!known.some(({ id, isAwaiting }) => id === organizationId && !isAwaiting)) return undefined;
  return database.transaction(
    async (tx) => {
      await endSession(tx, session, now);
      return startSession(tx, { organizationId, accountId }, browser, now);
    },
    (cookie) => cookie !== undefined,
  );
}

/** Begins access in an organization that has added the person over SCIM. False where nothing awaits acceptance there. */
export function acceptMembership(
  database: Database,
  session: Session,
  organizationId: string,
  at: { readonly now: Date; readonly requestId: string | null },
): Promise<boolean> {
  const { id, name } = session.account;
  return database.transaction(async (tx) => {
    const [row] = await tx.query(accept, [organizationId, id, at.now]);
    if (row === undefined) return false;
    const member = z.object({ id: z.string(), name: z.string() }).parse(row);
    await recordChanges(tx, [
      {
        organizationId,
        at: at.now,
        requestId: at.requestId,
        actor: { kind: "person", id, name },
        subject: { kind: "member", id: member.id, name: member.name },
        kind: "member.accepted",
        before: { awaitsAcceptance: true },
        after: { awaitsAcceptance: false },
      },
    ]);
    return true;
  });
}

const membershipRow = z.object({ id: z.string(), name: z.string(), isAwaiting: z.boolean() });

const memberships = {
  name: "account_memberships",
  text: `select o.id, o.name, m.awaits_acceptance as "isAwaiting"
    from member m join organization o on o.id = m.organization_id
    where m.account_id = $1 and m.active and not m.is_deleted
    order by m.awaits_acceptance, m.created_at, o.id limit 100`,
};
const accept = {
  name: "member_accept",
  text: `update member set awaits_acceptance = false, version = version + 1, updated_at = $3
    where organization_id = $1 and account_id = $2 and awaits_acceptance and active and not is_deleted
    returning id, name`,
};
