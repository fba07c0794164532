import { concernsOwnerRole, type Session } from "@rollcall/db";
import { isProofFresh } from "@rollcall/domain";
import type { ApiContext } from "../context.ts";
import { toTrpcError } from "../errors/trpc-error.ts";

/**
 * When a mutation needs a proof within the last ten minutes: `always`, where a built-in role or its holder is named, or
 * `never`.
 */
type Demand = "always" | "ownerRole" | "never";

/**
 * The mutations that change a credential, a recovery path, a token, an SSO connection, a domain, an exemption or the
 * role of an owner (docs/design.md section 3, rule 17). A mutation without an entry is refused without a fresh proof, and a
 * test fails until it has one.
 */
export const proofDemands: Readonly<Record<string, Demand>> = {
  "session.prove": "never",
  "session.signOut": "never",
  "session.switchTo": "never",
  "session.accept": "never",
  "account.rename": "never",
  "account.startEmailChange": "always",
  "account.withdrawEmailChange": "always",
  "account.changePassword": "always",
  "account.endOtherSessions": "never",
  "account.leave": "never",
  "twoFactor.begin": "always",
  "twoFactor.confirm": "always",
  "twoFactor.end": "always",
  "locks.setExemption": "always",
  "domains.add": "always",
  "domains.check": "always",
  "domains.remove": "always",
  "provisioning.setDefaultRole": "ownerRole",
  "provisioning.enable": "never",
  // Every token stops.
  "provisioning.disable": "always",
  "provisioning.releasePeople": "never",
  "provisioning.resumePeopleJob": "never",
  "provisioning.setRemovalPolicy": "never",
  "guard.decide": "never",
  "guard.endDecisions": "never",
  // The person may be an owner.
  "guard.deactivate": "always",
  "guard.release": "never",
  "guard.endRelease": "never",
  "guard.resume": "never",
  "guard.setOn": "never",
  "tokens.issue": "always",
  "tokens.revoke": "always",
  "tokens.revokeAll": "always",
  "tokens.rotate": "always",
  "members.remove": "ownerRole",
  // The default role, which they get, may be the role of owners.
  "members.reactivate": "always",
  "members.undoReactivate": "ownerRole",
  "members.grantRole": "ownerRole",
  "members.revokeRole": "ownerRole",
  "members.undoRole": "ownerRole",
  // The offered role may be the role of owners.
  "members.restoreRoles": "always",
  "members.dismissOffer": "never",
  "invitations.send": "ownerRole",
  "invitations.resend": "never",
  "invitations.revoke": "never",
  "roles.create": "never",
  "roles.rename": "never",
  "roles.setPermissions": "never",
  "roles.delete": "never",
  "roles.setMappings": "never",
  "roles.setLinked": "ownerRole",
  "setup.choose": "never",
  "setup.restart": "never",
  "setup.finish": "never",
  "selfCheck.start": "never",
  "sso.configure": "always",
  "sso.remove": "always",
  "sso.setRequired": "always",
  "sso.addExemption": "always",
  "sso.removeExemption": "always",
  "sso.startTest": "never",
};

const idShape = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Throws `proofTooOld` if the mutation at `path` needs a fresh proof and the session has none. */
export async function demandProof(
  ctx: ApiContext & { readonly session: Session },
  path: string,
  readInput: () => Promise<unknown>,
): Promise<void> {
  const { session } = ctx;
  const demand = proofDemands[path] ?? "always";
  if (demand === "never" || isProofFresh(session.proofs, ctx.now)) return;
  if (demand === "ownerRole") {
    const ids = JSON.stringify((await readInput()) ?? null).match(idShape) ?? [];
    if (!(await concernsOwnerRole(ctx.database.sql, session.organizationId, ids))) return;
  }
  throw toTrpcError({ kind: "proofTooOld" });
}
