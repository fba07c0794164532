import type { ChangeKind, DescribedChange, SubjectKind } from "../change/change.ts";
import { heldLabel, peopleDoneLabel, peopleLabel } from "./provisioning-messages.ts";
import { textIn, valueIn } from "../change/logged-values.ts";
import { nameInSentence } from "./sentence.ts";

/** The object of the sentence: the subject's name unless the kind needs another. `isOwn`: the actor is the subject. */
export function objectOf(entry: DescribedChange, isOwn: boolean): string {
  const name = isOwn ? "themselves" : subjectLabel(entry.subject.kind, nameInSentence(entry.subject.name));
  const object = Object.entries(objects).find(([kind]) => kind === entry.kind)?.[1];
  if (object === undefined) return name;
  return object({ name, of: (what) => (isOwn ? `their ${what}` : `the ${what} of ${name}`), isOwn }, entry);
}

/** The subject in words; `of` adds a possession, as in "the password of Pam" or "their password". */
type Subject = { readonly name: string; readonly of: (what: string) => string; readonly isOwn: boolean };

const objects: Readonly<Partial<Record<ChangeKind, (subject: Subject, entry: DescribedChange) => string>>> = {
  "provisioning.people_released": (_, { after }) => peopleLabel(valueIn(after, "membersReleased")),
  "provisioning.people_done": (_, { after }) => peopleDoneLabel(after),
  "provisioning.default_role_changed": () => "the default role",
  "provisioning.guard_changed": () => "mass-removal protection",
  "provisioning.guard_released": () => "all removals",
  "provisioning.guard_release_ended": () => "all removals",
  "provisioning.guard_latched": () => "removals by the identity provider on hold",
  "provisioning.guard_approved": (_, { after }) => heldLabel(after),
  "provisioning.guard_rejected": (_, { after }) => heldLabel(after),
  "provisioning.guard_decision_ended": (_, { after }) => `a decision about ${heldLabel(after)}`,
  "provisioning.guard_resumed": () => "the hold on new removals",
  "provisioning.removal_changed": () => "who may remove managed members",
  "setup.provider_chosen": (_, { after }) => `${providerIn(after)} in the setup of provisioning`,
  "setup.restarted": () => "the setup of provisioning again",
  "setup.finished": () => "the setup of provisioning",
  "member.email_changed": ({ of }) => of("email address"),
  "member.linked": ({ name }) => `${name} to the directory`,
  "role.linked": ({ name }) => `${name} to the directory`,
  "role.unlinked": ({ name }) => `${name} back from the directory`,
  "role.mapped": ({ name }) => (name === "a role" ? "groups to roles" : groupLabel(name)),
  "role.unmapped": ({ name }, { before }) => `the mapping of ${groupLabel(name)} to ${roleIn(before)}`,
  "role.mappings_ordered": () => "the order of the mappings",
  "member.accepted": () => "the membership",
  "member.acceptance_asked": ({ name }) =>
    `${name} to accept the membership because the domain of the email address is not verified`,
  "member.handed_over": ({ of }) => `${of("membership")} to another person`,
  "member.address_lost": ({ of }) => `${of("email address")} because another person now has it; a new one is needed`,
  "member.role_granted": ({ name }, { after }) => `${name} ${roleIn(after)}`,
  "member.role_revoked": ({ name }, { before }) => `${roleIn(before)} from ${name}`,
  "member.roles_offer_dismissed": ({ of }) => of("former roles"),
  "member.left": () => "the organization",
  "member.lock_exempted": ({ name }) => `${name} from the locks`,
  "member.lock_exemption_ended": ({ of }) => `${of("exemption")} from the locks`,
  "member.email_change_started": ({ of }) => of("email address"),
  "member.email_change_withdrawn": ({ of }) => `the change of ${of("email address")}`,
  "member.password_changed": ({ of }) => of("password"),
  "member.password_reset_asked": ({ of }) => of("password"),
  "member.password_reset": ({ of }) => of("password"),
  "member.two_factor_on": ({ name, isOwn }) => `two-factor sign-in${isOwn ? "" : ` for ${name}`}`,
  "member.two_factor_off": ({ name, isOwn }) => `two-factor sign-in${isOwn ? "" : ` for ${name}`}`,
  "member.sessions_ended": ({ of }) => of("other browsers"),
  "invitation.resent": ({ name }) => `the invitation to ${name} again`,
  "invitation.revoked": ({ name }) => `the invitation to ${name}`,
  "invitation.accepted": ({ name }, { actor, subject }) =>
    actor.name === subject.name ? "the invitation" : `the invitation to ${name}`,
  "invitation.closed": ({ name }) => `the invitation to ${name}`,
  "sso.tested": () => "single sign-on",
  "sso.requirement_changed": () => "whether single sign-on is required",
  "sso.exempted": ({ name }) => `${name} sign in with a password`,
  "sso.exemption_ended": ({ of }) => `${of("exemption")} from single sign-on`,
  "role.permissions_changed": ({ name }) => `what ${name} allows`,
};

function subjectLabel(kind: SubjectKind, name: string): string {
  switch (kind) {
    case "organization":
      return `the organization ${name}`.trimEnd();
    case "provisioning":
      return "provisioning";
    case "token":
      return name === "" ? "a token" : `the token ${quoted(name)}`;
    case "domain":
      return `the domain ${name}`.trimEnd();
    case "member":
      return name === "" ? "someone" : name;
    case "role":
      return name === "" ? "a role" : `the role ${name}`;
    case "invitation":
      return name === "" ? "someone" : name;
    case "sso":
      return "single sign-on";
  }
}

function groupLabel(roleLabel: string): string {
  return roleLabel.replace("the role", "the group");
}

function providerIn(values: unknown): string {
  const provider = textIn(values, "provider");
  return provider === "okta" ? "Okta" : provider === "entra" ? "Entra" : "another identity provider";
}

/** The role of a change; "a role" if it has none. */
export function roleIn(values: unknown): string {
  const role = textIn(values, "role");
  return role === undefined ? "a role" : `the role ${nameInSentence(role)}`;
}

/** A token's name is always in quotes. */
export function quoted(name: string): string {
  return name.startsWith("“") && name.endsWith("”") ? name : `“${name}”`;
}
