export { readAccount, type AccountRow } from "./account-row.ts";
export {
  checkEmailLink,
  confirmEmailChange,
  listEmailChanges,
  startEmailChange,
  withdrawEmailChange,
  type EmailChallenge,
} from "./email-challenge.ts";
export { leaveOrganization } from "./leave.ts";
export { listLockExemptions, setLockExemption, type LockExemption } from "./lock-exemptions.ts";
export { readLocks } from "./member-lock.ts";
export { changePassword } from "./password-change.ts";
export { askPasswordReset, checkPasswordReset, completePasswordReset } from "./password-reset.ts";
export { renameAccount } from "./profile.ts";
export { proveSession, type ProofGiven } from "./session-proof.ts";
export { endOtherSessions, listSessions, type ListedSession } from "./sessions.ts";
export { beginTwoFactor, confirmTwoFactor, countRecoveryCodes, endTwoFactor, type ReadTotp } from "./two-factor.ts";
