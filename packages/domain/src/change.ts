/** Everything that the change log can tell, as subject and verb. The log is append-only: a kind is never reused. */
export const changeKinds = [
  "organization.created",
  "provisioning.enabled",
  "provisioning.disabled",
  "provisioning.default_role_changed",
  "provisioning.guard_changed",
  "provisioning.guard_released",
  "token.issued",
  "token.revoked",
  "token.rotated",
  "domain.verified",
  "member.created",
  "member.linked",
  "member.updated",
  "member.email_changed",
  "member.deactivated",
  "member.reactivated",
  "member.deleted",
  "member.revived",
  "member.accepted",
  "member.role_granted",
  "member.role_revoked",
  "role.created",
  "role.renamed",
  "role.updated",
  "role.deleted",
  "role.linked",
  "role.unlinked",
] as const;
export type ChangeKind = (typeof changeKinds)[number];

export const actorKinds = ["token", "person", "operator", "system"] as const;
export type ActorKind = (typeof actorKinds)[number];

/** Who did it: `id` is the token's, the account's or null; `name` is kept as it was then. */
export type Actor = { readonly kind: ActorKind; readonly id: string | null; readonly name: string };

export const subjectKinds = ["organization", "provisioning", "token", "domain", "member", "role"] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** The kinds by which somebody loses access or a role; the guard counts them. */
export const lossKinds = [
  "member.deactivated",
  "member.deleted",
  "member.role_revoked",
] as const satisfies ChangeKind[];
