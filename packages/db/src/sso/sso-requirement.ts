import { mailTemplate } from "../mail/mail-text.ts";
import type { Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { noticeOwners } from "../account/security-notice.ts";
import { recordChanges } from "../store/change-log.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import type { Database } from "../store/database.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { findSsoConnection, ssoSubject } from "./sso-connection.ts";

/**
 * Demands single sign-on of everybody but owners and those who are exempt, or no longer does. Sessions that began with a
 * password are out on their next request (`loadSession`).
 */
export function setSsoRequired(
  database: Database,
  context: WriteContext,
  isRequired: boolean,
): Promise<Result<void, Refusal<"ssoNotConfigured">>> {
  const { organizationId } = context;
  const attempt = { kind: "sso.requirement_changed", subject: ssoSubject } as const;
  return inOrganization(database, context, attempt, async (tx): Promise<Result<void, Refusal<"ssoNotConfigured">>> => {
    const connection = await findSsoConnection(tx, organizationId);
    if (connection === undefined) return err({ kind: "ssoNotConfigured" });
    if (connection.isRequired === isRequired) return ok(undefined);
    await tx.query(save, [organizationId, isRequired]);
    const before = { isRequired: connection.isRequired };
    await recordChanges(tx, [{ ...entryOf(context), ...attempt, before, after: { isRequired } }]);
    const deed = isRequired
      ? mailTemplate`required single sign-on`
      : mailTemplate`allowed members to sign in without single sign-on`;
    await noticeOwners(tx, context, { kind: "ssoChanged", subject: mailTemplate`Single sign-on was changed`, deed });
    return ok(undefined);
  });
}

/** `updated_at` stays: it says since when the provider is trusted, which this does not change. */
const save = {
  name: "sso_set_required",
  text: "update sso_connection set is_required = $2 where organization_id = $1",
};
