/** All kinds of entries of the change log, as subject and verb. The log is append-only: a kind is never reused. */
export const changeKinds = [
  "organization.created",
  "provisioning.enabled",
  "provisioning.disabled",
  "provisioning.people_released",
  "provisioning.people_done",
  "provisioning.default_role_changed",
  "provisioning.guard_changed",
  "provisioning.guard_released",
  "provisioning.guard_release_ended",
  "provisioning.guard_latched",
  "provisioning.guard_approved",
  "provisioning.guard_rejected",
  "provisioning.guard_decision_ended",
  "provisioning.guard_resumed",
  "provisioning.removal_changed",
  "setup.provider_chosen",
  "setup.restarted",
  "setup.finished",
  "token.issued",
  "token.revoked",
  "token.rotated",
  "domain.added",
  "domain.verified",
  "domain.failed",
  "domain.lapsed",
  "domain.removed",
  "member.created",
  "member.linked",
  "member.updated",
  "member.email_changed",
  "member.deactivated",
  "member.reactivated",
  "member.deleted",
  "member.revived",
  "member.accepted",
  "member.acceptance_asked",
  "member.handed_over",
  "member.address_lost",
  "member.role_granted",
  "member.role_revoked",
  "member.roles_offer_dismissed",
  "member.left",
  "member.removed",
  "member.lock_exempted",
  "member.lock_exemption_ended",
  "member.email_change_started",
  "member.email_change_withdrawn",
  "member.password_changed",
  "member.password_reset_asked",
  "member.password_reset",
  "member.two_factor_on",
  "member.two_factor_off",
  "member.sessions_ended",
  "invitation.sent",
  "invitation.resent",
  "invitation.revoked",
  "invitation.accepted",
  "invitation.closed",
  "sso.configured",
  "sso.removed",
  "sso.tested",
  "sso.requirement_changed",
  "sso.exempted",
  "sso.exemption_ended",
  "role.created",
  "role.renamed",
  "role.updated",
  "role.permissions_changed",
  "role.deleted",
  "role.linked",
  "role.unlinked",
  "role.mapped",
  "role.unmapped",
  "role.mappings_ordered",
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** The subjects of the kinds: the part before the dot. */
export const changeAreas = [
  "member",
  "role",
  "invitation",
  "token",
  "provisioning",
  "setup",
  "domain",
  "sso",
  "organization",
] as const;
export type ChangeArea = (typeof changeAreas)[number];

export const actorKinds = ["token", "person", "operator", "system"] as const;
export type ActorKind = (typeof actorKinds)[number];

/** `id` is the token's, the account's or null; `name` is kept as it was at the time. */
export type Actor = { readonly kind: ActorKind; readonly id: string | null; readonly name: string };

export const subjectKinds = [
  "organization",
  "provisioning",
  "token",
  "domain",
  "member",
  "role",
  "invitation",
  "sso",
] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** The fields of an entry that its sentence needs. `before` and `after` are validated when read. */
export type DescribedChange = {
  readonly kind: ChangeKind;
  readonly actor: { readonly kind: ActorKind; readonly name: string };
  readonly subject: { readonly kind: SubjectKind; readonly name: string };
  readonly before: unknown;
  readonly after: unknown;
  readonly refusal: string | null;
  /** Is the actor also the subject? */
  readonly isSelf?: boolean | undefined;
};

/** The kinds by which a person loses access or a role over SCIM; the guard counts them. */
export const lossKinds = [
  "member.deactivated",
  "member.deleted",
  "member.role_revoked",
] as const satisfies ChangeKind[];
export type LossKind = (typeof lossKinds)[number];
