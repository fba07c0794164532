import type { Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { holdAccount } from "../account/account-row.ts";
import { verifyPassword } from "../account/password.ts";
import { passSecondFactor, type ReadTotp } from "../account/two-factor.ts";
import { SessionSchema } from "../model/account.ts";
import type { Database } from "../store/database.ts";
import type { Session } from "./session.ts";

/** Credentials to prove an identity again; at least one of the two. */
export type ProofGiven = {
  readonly password?: string | undefined;
  readonly code?: string | undefined;
  readonly readTotp: ReadTotp;
};

type ProofRefusal = Refusal<"passwordWrong" | "twoFactorWrong">;

/** Records the proofs in the session; none if one of the two is wrong. */
export function proveSession(
  database: Database,
  { account: { id: accountId }, organizationId, sessionId }: Session,
  { password, code, readTotp }: ProofGiven,
  now: Date,
): Promise<Result<void, ProofRefusal>> {
  return database.transaction(
    async (tx): Promise<Result<void, ProofRefusal>> => {
      const account = await holdAccount(tx, accountId);
      if (password !== undefined && !(await verifyPassword(password, account?.passwordHash ?? null)))
        return err({ kind: "passwordWrong" });
      const isCodeRight =
        code === undefined ||
        (account !== undefined &&
          account.totpConfirmedAt !== null &&
          (await passSecondFactor(tx, account, code, readTotp, now)));
      if (!isCodeRight) return err({ kind: "twoFactorWrong" });
      const open = { organizationId, id: sessionId, endedAt: null };
      const session = await tx.em.findOne(SessionSchema, open, { filters: { tenant: false } });
      if (session !== null && password !== undefined) session.passwordAt = now;
      if (session !== null && code !== undefined) session.secondFactorAt = now;
      return ok(undefined);
    },
    (outcome) => outcome.ok,
  );
}
