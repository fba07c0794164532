import { type ChangeArea, changeAreas, type ChangeKind, changeKinds } from "@rollcall/domain";

const areas: Readonly<Record<ChangeArea, string>> = {
  member: "People",
  role: "Roles",
  invitation: "Invitations",
  token: "Tokens",
  provisioning: "Provisioning",
  setup: "Setup",
  domain: "Domains",
  sso: "Single sign-on",
  organization: "Organization",
};

/** The labels that do not follow from the kind alone. */
const labels: Readonly<Partial<Record<ChangeKind, string>>> = {
  "provisioning.people_released": "people unlocked",
  "provisioning.people_done": "people processed",
  "provisioning.guard_changed": "mass-removal protection turned on or off",
  "provisioning.guard_released": "all removals allowed",
  "provisioning.guard_release_ended": "all removals no longer allowed",
  "provisioning.guard_latched": "removals put on hold",
  "provisioning.guard_approved": "removals approved",
  "provisioning.guard_rejected": "removals rejected",
  "provisioning.guard_decision_ended": "decision on removals withdrawn",
  "provisioning.guard_resumed": "hold on new removals ended",
  "provisioning.removal_changed": "who may remove members changed",
  "token.issued": "generated",
  "domain.failed": "TXT record missing",
  "domain.lapsed": "verification ended",
  "member.created": "added",
  "member.linked": "linked to the directory",
  "member.updated": "changed",
  "member.deleted": "removed at the directory’s request",
  "member.revived": "brought back",
  "member.accepted": "membership accepted",
  "member.acceptance_asked": "asked to accept the membership",
  "member.handed_over": "membership given to another person",
  "member.address_lost": "email address moved to another person",
  "member.role_granted": "role given",
  "member.role_revoked": "role taken away",
  "member.roles_offer_dismissed": "former roles not restored",
  "member.removed": "removed by an owner",
  "member.lock_exempted": "exempted from account locks",
  "member.lock_exemption_ended": "exemption from account locks ended",
  "member.password_reset_asked": "password reset requested",
  "member.two_factor_on": "two-factor sign-in turned on",
  "member.two_factor_off": "two-factor sign-in turned off",
  "member.sessions_ended": "other browsers signed out",
  "invitation.revoked": "withdrawn",
  "sso.configured": "set up",
  "sso.exempted": "password sign-in allowed for a person",
  "sso.exemption_ended": "password sign-in no longer allowed for a person",
  "role.updated": "changed",
  "role.linked": "linked to the directory",
  "role.unlinked": "no longer linked to the directory",
  "role.mapped": "mapping added",
  "role.unmapped": "mapping ended",
  "role.mappings_ordered": "order of mappings changed",
};

/** The filter by action: an area, or one kind of action within it. */
export const actionOptions = [
  { value: "", label: "Anything" },
  ...changeAreas.map((area) => ({
    group: areas[area],
    items: [
      { value: `area=${area}`, label: `${areas[area]}: everything` },
      ...changeKinds
        .filter((kind) => kind.startsWith(`${area}.`))
        .map((kind) => ({ value: `kind=${kind}`, label: `${areas[area]}: ${actionLabel(kind)}` })),
    ],
  })),
];

function actionLabel(kind: ChangeKind): string {
  return labels[kind] ?? kind.slice(kind.indexOf(".") + 1).replaceAll("_", " ");
}
