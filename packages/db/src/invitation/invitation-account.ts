import { emailKey, type InvitationWay } from "@rollcall/domain";
import { addAccount } from "../account/account-add.ts";
import { accountByEmail, holdAccount, type AccountRow } from "../account/account-row.ts";
import { checkMemberLock } from "../account/member-lock.ts";
import { setPassword } from "../account/password-change.ts";
import { forgetSecondFactor } from "../account/two-factor.ts";
import { endSessionsBut } from "../session/sessions.ts";
import type { UnitOfWork } from "../store/unit-of-work.ts";

/** The account of a person who joins; `isSignedInHere`: the link signs them in. */
export type Joiner = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly isSignedInHere: boolean;
};

type Input = Omit<Joiner, "isSignedInHere"> & { readonly way: InvitationWay; readonly password: string };

/**
 * The account of an invited person: their own, a new one, or one without a password or without any membership, whose
 * name stays. Undefined if a concurrent request has created an account with that address.
 */
export async function accountOf(uow: UnitOfWork, input: Input): Promise<Joiner | undefined> {
  const { id, email, way, password } = input;
  if (way === "join") return { ...input, isSignedInHere: false };
  const name = input.name === "" ? email : input.name;
  if (way === "signUp") {
    const made = await addAccount(uow, { id, email, name }, { now: uow.now, endsInvitations: false });
    if (made === undefined) return undefined;
    await setPassword(uow, { id: made, isInUse: true }, password, uow.now);
    return { id, email, name, isSignedInHere: true };
  }
  const known = await accountByEmail(uow, emailKey(email));
  const account = known === undefined ? undefined : await holdAccount(uow, known.id);
  if (account === undefined || !mayStartAnew(account)) return undefined;
  const accountAction = "set a first password by an invitation";
  const passed = await checkMemberLock(uow, { accountAction, accountId: account.id, organizationId: null });
  if (!passed.ok) return undefined;
  if (!account.isInUse) {
    await forgetSecondFactor(uow, account.id, uow.now);
    await endSessionsBut(uow, [account.id], null, uow.now);
  }
  await setPassword(uow, account, password, uow.now);
  const isSignedInHere = account.totpConfirmedAt === null || !account.isInUse;
  return { id: account.id, email: account.email, name: account.name, isSignedInHere };
}

/**
 * Whether an invitation sets the password: if there is none, or if no visible membership uses the account, whose
 * credentials may be those of a former holder of the address.
 */
export function mayStartAnew({ passwordHash, isInUse }: AccountRow): boolean {
  return passwordHash === null || !isInUse;
}
