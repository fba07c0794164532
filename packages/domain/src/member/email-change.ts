import { err, ok, type Result } from "@rollcall/scim-protocol";
import { domainOf } from "./email-address.ts";
import type { Refusal } from "../rule-error.ts";

/**
 * Checks whether provisioning may change a member's address. The organization must have verified both domains. `from`
 * null: the account has lost its address to another person, and only the new domain counts.
 */
export function changeEmail(
  from: string | null,
  to: string,
  verifiedDomains: ReadonlySet<string>,
): Result<{ readonly email: string }, Refusal<"domainNotVerified">> {
  for (const address of from === null ? [to] : [from, to]) {
    const domain = domainOf(address);
    if (!verifiedDomains.has(domain)) return err({ kind: "domainNotVerified", domain });
  }
  return ok({ email: to });
}
