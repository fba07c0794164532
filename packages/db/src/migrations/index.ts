import { FirstModel } from "./2026-11-24-first-model.ts";
import { Accounts } from "./2026-11-25-accounts.ts";
import { Health } from "./2026-11-25-health.ts";
import { Person } from "./2026-11-25-person.ts";
import { RoleExternalId } from "./2026-11-25-role-external-id.ts";
import { RoleMapping } from "./2026-11-25-role-mapping.ts";
import { ScimWhole } from "./2026-11-25-scim-whole.ts";
import { Setup } from "./2026-11-25-setup.ts";
import { SelfCheck } from "./2026-11-25-self-check.ts";
import { Requests } from "./2026-11-25-requests.ts";
import { SessionProofs } from "./2026-11-29-session-proofs.ts";
import { SsoBrowser } from "./2026-11-29-session-sso-browser.ts";
import { IdentityAcceptance } from "./2026-11-29-identity-acceptance.ts";
import { IdentityAddresses } from "./2026-11-29-identity-addresses.ts";
import { Notices } from "./2026-11-29-session-notices.ts";
import { TokenCare } from "./2026-11-25-token-care.ts";
import { Secrets } from "./2026-11-29-console-secrets.ts";
import { GuardLatch } from "./2026-11-29-guard-latch.ts";
import { SignInAttempt } from "./2026-11-29-console-sign-in-attempt.ts";
import { MailLimits } from "./2026-11-29-mail-limits.ts";
import { LinksAddress } from "./2026-11-29-links-address.ts";
import { RefusedNames } from "./2026-11-29-people-refused-names.ts";
import { OneKey } from "./2026-11-29-patch-one-key.ts";
import { RoleExternalIdUnique } from "./2026-11-29-query-role-external-id.ts";
import { TrustAcceptance } from "./2026-11-29-trust-acceptance.ts";
import { TrustAddressKeys } from "./2026-11-29-trust-address-keys.ts";
import { TrustRejectedMail } from "./2026-11-29-trust-rejected-mail.ts";
import { TrustUnaccepted } from "./2026-11-29-trust-unaccepted.ts";

/** Reads the rows that it changes, so that it runs statements by itself; where there are no rows, it is left out. */
export const addressKeysMigration = "2026-11-29-trust-address-keys";

/** In the order in which they are made; one that has been made somewhere is never changed again. */
export const migrationsList = [
  { name: "2026-11-24-first-model", class: FirstModel },
  { name: "2026-11-25-accounts", class: Accounts },
  { name: "2026-11-25-scim-whole", class: ScimWhole },
  { name: "2026-11-25-role-external-id", class: RoleExternalId },
  { name: "2026-11-25-token-care", class: TokenCare },
  { name: "2026-11-25-setup", class: Setup },
  { name: "2026-11-25-role-mapping", class: RoleMapping },
  { name: "2026-11-25-health", class: Health },
  { name: "2026-11-25-person", class: Person },
  { name: "2026-11-25-self-check", class: SelfCheck },
  { name: "2026-11-25-requests", class: Requests },
  { name: "2026-11-29-console-secrets", class: Secrets },
  { name: "2026-11-29-session-proofs", class: SessionProofs },
  { name: "2026-11-29-session-sso-browser", class: SsoBrowser },
  { name: "2026-11-29-guard-latch", class: GuardLatch },
  { name: "2026-11-29-identity-addresses", class: IdentityAddresses },
  { name: "2026-11-29-console-sign-in-attempt", class: SignInAttempt },
  { name: "2026-11-29-session-notices", class: Notices },
  { name: "2026-11-29-identity-acceptance", class: IdentityAcceptance },
  { name: "2026-11-29-patch-one-key", class: OneKey },
  { name: "2026-11-29-mail-limits", class: MailLimits },
  { name: "2026-11-29-links-address", class: LinksAddress },
  { name: "2026-11-29-query-role-external-id", class: RoleExternalIdUnique },
  { name: "2026-11-29-people-refused-names", class: RefusedNames },
  { name: "2026-11-29-trust-acceptance", class: TrustAcceptance },
  { name: addressKeysMigration, class: TrustAddressKeys },
  { name: "2026-11-29-trust-unaccepted", class: TrustUnaccepted },
  { name: "2026-11-29-trust-rejected-mail", class: TrustRejectedMail },
] as const;
