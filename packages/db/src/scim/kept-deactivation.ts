import { ok } from "@rollcall/scim-protocol";
import type { ChangeRefusal, MemberWrite, WriteOutcome } from "./member-write.ts";

/** Refusals of a rename or an externalId, which must not prevent a deactivation. */
const aboutNames: ReadonlySet<ChangeRefusal["kind"]> = new Set([
  "userNameNotEmail",
  "userNameTaken",
  "emailTaken",
  "domainNotVerified",
  "emailFixedAtFirstContact",
  "externalIdTaken",
]);

/**
 * The same deactivation with the member's current names, if only its names were refused (docs/design.md, section 3,
 * rule 7); undefined: the refusal stands.
 */
export function keptDeactivation<E>(
  write: MemberWrite<E>,
  { member, refusal }: Extract<WriteOutcome<E>, { kind: "refused" }>,
): MemberWrite<E> | undefined {
  if (member === null || !member.active || !aboutNames.has(refusal.kind)) return undefined;
  const intended = write.intend(member);
  if (!intended.ok || intended.value.kind === "delete" || intended.value.input.active !== false) return undefined;
  return {
    ...write,
    intend(now) {
      const intent = write.intend(now);
      if (!intent.ok || intent.value.kind === "delete") return intent;
      const { userName, externalId } = now;
      return ok({ kind: "change", input: { ...intent.value.input, userName, externalId } });
    },
  };
}
