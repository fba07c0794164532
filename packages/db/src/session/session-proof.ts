import type { Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Session } from "./session.ts";
import type { Database } from "../store/database.ts";
import { verifyPassword } from "../account/password.ts";
import { holdAccount } from "../account/account-row.ts";
import { passSecondFactor, type ReadTotp } from "../account/two-factor.ts";

/** What a person gives to prove again who they are; at least one of the two. */
export type ProofGiven = {
  readonly password?: string | undefined;
  readonly code?: string | undefined;
  readonly readTotp: ReadTotp;
};

/** Keeps with the session what the person has proven just now. Nothing is kept where one of the two is wrong. */
export function proveSession(
  database: Database,
  session: Session,
  { password, code, readTotp }: ProofGiven,
  now: Date,
): Promise<Result<void, Refusal<"passwordWrong" | "twoFactorWrong">>> {
  return database.transaction(
    async (tx): Promise<Result<void, Refusal<"passwordWrong" | "twoFactorWrong">>> => {
      const account = await holdAccount(tx, session.account.id);
      if (password !== undefined && !(await verifyPassword(password, account?.passwordHash ?? null)))
        return err({ kind: "passwordWrong" });
      const isCodeRight =
        code === undefined ||
        (account !== undefined &&
          account.totpConfirmedAt !== null &&
          (await passSecondFactor(tx, account, code, readTotp, now)));
      if (!isCodeRight) return err({ kind: "twoFactorWrong" });
      const [passwordAt, secondFactorAt] = [password, code].map((given) => (given === undefined ? null : now));
      await tx.query(save, [session.organizationId, session.sessionId, passwordAt, secondFactorAt]);
      return ok(undefined);
    },
    (outcome) => outcome.ok,
  );
}

const save = {
  name: "session_prove",
  text: `update session set password_at = coalesce($3, password_at), second_factor_at = coalesce($4, second_factor_at)
    where organization_id = $1 and id = $2 and ended_at is null`,
};
