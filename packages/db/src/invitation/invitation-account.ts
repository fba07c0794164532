import { emailKey, type InvitationWay } from "@rollcall/domain";
import { addAccount } from "../account/account-add.ts";
import type { At } from "../account/account-operation.ts";
import { accountByEmail, holdAccount, type AccountRow } from "../account/account-row.ts";
import { tryDoor } from "../account/member-lock.ts";
import { setPassword } from "../account/password-change.ts";
import { forgetSecondFactor } from "../account/two-factor.ts";
import type { Queryable } from "../store/queryable.ts";

/** The account of somebody who joins; `isSignedInHere`: the link is what signs them in. */
export type Joiner = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly isSignedInHere: boolean;
};

type Wish = Omit<Joiner, "isSignedInHere"> & { readonly way: InvitationWay; readonly password: string };

/**
 * The account by which an invited person joins: their own, a new one, or one without a password or without
 * any membership, whose name stays. Undefined where somebody has made an account of that address at the same moment.
 */
export async function accountOf(tx: Queryable, wish: Wish, at: At): Promise<Joiner | undefined> {
  const { id, email, way, password } = wish;
  if (way === "join") return { ...wish, isSignedInHere: false };
  const name = wish.name === "" ? email : wish.name;
  if (way === "signUp") {
    const made = await addAccount(tx, { id, email, name }, { now: at.now, endsInvitations: false });
    if (made === undefined) return undefined;
    await setPassword(tx, made, password, at.now);
    return { id, email, name, isSignedInHere: true };
  }
  const known = await accountByEmail(tx, emailKey(email));
  const account = known === undefined ? undefined : await holdAccount(tx, known.id);
  if (account === undefined || !mayStartAnew(account)) return undefined;
  const door = "set a first password by an invitation";
  const passed = await tryDoor(tx, { door, accountId: account.id, organizationId: null });
  if (!passed.ok) return undefined;
  if (!account.isInUse) await forgetSecondFactor(tx, account.id, at.now);
  await setPassword(tx, account.id, password, at.now);
  const isSignedInHere = account.totpConfirmedAt === null || !account.isInUse;
  return { id: account.id, email: account.email, name: account.name, isSignedInHere };
}

/**
 * Does an invitation set the password? Where there is none, and where no visible membership uses the account: what it
 * is signed in with may be a former holder's of the address.
 */
export function mayStartAnew({ passwordHash, isInUse }: AccountRow): boolean {
  return passwordHash === null || !isInUse;
}
