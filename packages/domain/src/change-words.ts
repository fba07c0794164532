import type { ActorKind, ChangeKind, SubjectKind } from "./change.ts";
import { grantWords } from "./grant-words.ts";
import { guardStateWords, heldWords, minutesWords } from "./guard-words.ts";
import { fieldWords } from "./change-words-fields.ts";
import { afterwardsWords, peopleWords, removalWords } from "./change-words-off.ts";
import { textIn, valueIn } from "./logged-values.ts";
import { reasonOf } from "./refusal-words.ts";

/** An entry of the change log, as far as its sentence needs it. `before` and `after` are read with suspicion. */
export type DescribedChange = {
  readonly kind: ChangeKind;
  readonly actor: { readonly kind: ActorKind; readonly name: string };
  readonly subject: { readonly kind: SubjectKind; readonly name: string };
  readonly before: unknown;
  readonly after: unknown;
  readonly refusal: string | null;
};

/**
 * One plain English sentence for an entry of the change log, without a full stop:
 * `Michael Scott revoked the token “Okta”`, or what was tried and why it was refused.
 */
export function describeChange(entry: DescribedChange): string {
  const who = actorWords(entry.actor.kind, entry.actor.name);
  const [did, wish] = verbs[entry.kind];
  if (entry.refusal === null) return `${who} ${did} ${objectOf(entry)}${additionOf(entry)}`.trimEnd();
  const attempt = `${wish} ${objectOf(entry)}`.trimEnd();
  return `${who} tried to ${attempt}, which was refused: ${reasonOf(entry.refusal, entry.after)}`;
}

/** Whoever acted, as the start of a sentence. */
export function actorWords(kind: ActorKind, name: string): string {
  switch (kind) {
    case "token":
      return name === "" ? "The identity provider" : `The identity provider (token “${name}”)`;
    case "person":
      return name === "" ? "Somebody" : name;
    case "operator":
      return "The operator of Rollcall";
    case "system":
      return "Rollcall";
  }
}

/** What was done, and what somebody wanted to do. */
const verbs = {
  "organization.created": ["created", "create"],
  "provisioning.enabled": ["turned on", "turn on"],
  "provisioning.disabled": ["turned off", "turn off"],
  "provisioning.people_released": ["released", "release"],
  "provisioning.default_role_changed": ["changed", "change"],
  "provisioning.guard_changed": ["changed", "change"],
  "provisioning.guard_released": ["allowed", "allow"],
  "provisioning.guard_release_ended": ["stopped allowing", "stop allowing"],
  "provisioning.guard_latched": ["put", "put"],
  "provisioning.guard_approved": ["approved", "approve"],
  "provisioning.guard_rejected": ["rejected", "reject"],
  "provisioning.guard_decision_ended": ["took back", "take back"],
  "provisioning.guard_resumed": ["resumed", "resume"],
  "token.issued": ["generated", "generate"],
  "token.revoked": ["revoked", "revoke"],
  "token.rotated": ["rotated", "rotate"],
  "provisioning.removal_changed": ["changed", "change"],
  "setup.provider_chosen": ["chose", "choose"],
  "setup.restarted": ["started", "start"],
  "setup.finished": ["finished", "finish"],
  "domain.added": ["added", "add"],
  "domain.verified": ["verified", "verify"],
  "domain.failed": ["found no proof for", "find the proof for"],
  "domain.lapsed": ["stopped trusting", "stop trusting"],
  "domain.removed": ["removed", "remove"],
  "member.created": ["added", "add"],
  "member.linked": ["linked", "link"],
  "member.updated": ["changed", "change"],
  "member.email_changed": ["changed", "change"],
  "member.deactivated": ["deactivated", "deactivate"],
  "member.reactivated": ["reactivated", "reactivate"],
  "member.deleted": ["removed", "remove"],
  "member.revived": ["brought back", "bring back"],
  "member.accepted": ["accepted", "accept"],
  "member.handed_over": ["gave", "give"],
  "member.address_lost": ["took", "take"],
  "member.role_granted": ["gave", "give"],
  "member.role_revoked": ["took", "take"],
  "member.roles_offer_dismissed": ["decided not to restore", "dismiss"],
  "member.left": ["left", "leave"],
  "member.removed": ["removed", "remove"],
  "member.lock_exempted": ["exempted", "exempt"],
  "member.lock_exemption_ended": ["ended", "end"],
  "member.email_change_started": ["asked to change", "change"],
  "member.email_change_withdrawn": ["withdrew", "withdraw"],
  "member.password_changed": ["changed", "change"],
  "member.password_reset_asked": ["asked to reset", "reset"],
  "member.password_reset": ["reset", "reset"],
  "member.two_factor_on": ["turned on", "turn on"],
  "member.two_factor_off": ["turned off", "turn off"],
  "member.sessions_ended": ["signed out", "sign out"],
  "invitation.sent": ["invited", "invite"],
  "invitation.resent": ["invited again", "invite again"],
  "invitation.revoked": ["withdrew", "withdraw"],
  "invitation.accepted": ["accepted", "accept"],
  "invitation.closed": ["closed", "close"],
  "sso.configured": ["set up", "set up"],
  "sso.removed": ["removed", "remove"],
  "sso.tested": ["tested", "test"],
  "sso.requirement_changed": ["changed", "change"],
  "sso.exempted": ["let", "let"],
  "sso.exemption_ended": ["no longer lets", "stop letting"],
  "role.created": ["created", "create"],
  "role.renamed": ["renamed", "rename"],
  "role.updated": ["changed", "change"],
  "role.permissions_changed": ["changed", "change"],
  "role.deleted": ["deleted", "delete"],
  "role.linked": ["linked", "link"],
  "role.unlinked": ["took", "take"],
  "role.mapped": ["mapped", "map"],
  "role.unmapped": ["ended", "end"],
  "role.mappings_ordered": ["changed", "change"],
} as const satisfies Record<ChangeKind, readonly [string, string]>;

/** What the verb is about: the subject's own name unless the kind says otherwise. */
function objectOf(entry: DescribedChange): string {
  const name = subjectWords(entry.subject.kind, entry.subject.name);
  const words = Object.entries(objects).find(([kind]) => kind === entry.kind)?.[1];
  return words === undefined ? name : words(name, entry);
}

const objects: Readonly<Partial<Record<ChangeKind, (name: string, entry: DescribedChange) => string>>> = {
  "provisioning.people_released": (_name, { after }) =>
    `${peopleWords(valueIn(after, "membersReleased"))} from the locks`,
  "provisioning.default_role_changed": () => "the default role",
  "provisioning.guard_changed": () => "mass-removal protection",
  "provisioning.guard_released": () => "all removals",
  "provisioning.guard_release_ended": () => "all removals",
  "provisioning.guard_latched": () => "removals by the identity provider on hold",
  "provisioning.guard_approved": (_, { after }) => heldWords(after),
  "provisioning.guard_rejected": (_, { after }) => heldWords(after),
  "provisioning.guard_decision_ended": (_, { after }) => `a decision about ${heldWords(after)}`,
  "provisioning.guard_resumed": () => "normal counting of removals",
  "provisioning.removal_changed": () => "who may remove managed people",
  "setup.provider_chosen": (_, { after }) => `${providerIn(after)} in the set-up of provisioning`,
  "setup.restarted": () => "the set-up of provisioning again",
  "setup.finished": () => "the set-up of provisioning",
  "member.email_changed": (name) => `the e-mail address of ${name}`,
  "member.linked": (name) => `${name} to the directory`,
  "role.linked": (name) => `${name} to the directory`,
  "role.unlinked": (name) => `${name} back from the directory`,
  "role.mapped": (name) => (name === "a role" ? "groups to roles" : name.replace("the role", "the group")),
  "role.unmapped": (name, { before }) => `the mapping of ${name.replace("the role", "the group")} to ${roleIn(before)}`,
  "role.mappings_ordered": () => "the order of the mappings",
  "member.accepted": () => "the membership",
  "member.handed_over": (name) => `the membership of ${name} to another person`,
  "member.address_lost": (name) => `the email address of ${name}, as another person has it now: they need a new one`,
  "member.role_granted": (name, { after }) => `${name} ${roleIn(after)}`,
  "member.role_revoked": (name, { before }) => `${roleIn(before)} from ${name}`,
  "member.roles_offer_dismissed": (name) => `the former roles of ${name}`,
  "member.left": () => "the organization",
  "member.lock_exempted": (name) => `${name} from the locks`,
  "member.lock_exemption_ended": (name) => `the exemption of ${name} from the locks`,
  "member.email_change_started": (name) => `the e-mail address of ${name}`,
  "member.email_change_withdrawn": (name) => `the change of the e-mail address of ${name}`,
  "member.password_changed": (name) => `the password of ${name}`,
  "member.password_reset_asked": (name) => `the password of ${name}`,
  "member.password_reset": (name) => `the password of ${name}`,
  "member.two_factor_on": (name) => `two-factor sign-in for ${name}`,
  "member.two_factor_off": (name) => `two-factor sign-in for ${name}`,
  "member.sessions_ended": (name) => `other browsers of ${name}`,
  "invitation.revoked": (name) => `the invitation of ${name}`,
  "invitation.accepted": (name) => `the invitation of ${name}`,
  "invitation.closed": (name) => `the invitation of ${name}`,
  "sso.tested": () => "single sign-on",
  "sso.requirement_changed": () => "whether single sign-on is required",
  "sso.exempted": (name) => `${name} sign in with a password`,
  "sso.exemption_ended": (name) => `${name} sign in with a password`,
  "role.permissions_changed": (name) => `what ${name} allows`,
};

function subjectWords(kind: SubjectKind, name: string): string {
  switch (kind) {
    case "organization":
      return `the organization ${name}`.trimEnd();
    case "provisioning":
      return "provisioning";
    case "token":
      return name === "" ? "a token" : `the token “${name}”`;
    case "domain":
      return `the domain ${name}`.trimEnd();
    case "member":
      return name === "" ? "somebody" : name;
    case "role":
      return name === "" ? "a role" : `the role ${name}`;
    case "invitation":
      return name === "" ? "somebody" : name;
    case "sso":
      return "single sign-on";
  }
}

/** What the entry's values add to the sentence of something that was done; "" where they say nothing more. */
function additionOf({ kind, before, after }: DescribedChange): string {
  const [from, to] = [textIn(before, "userName"), textIn(after, "userName")];
  if (kind === "provisioning.default_role_changed") return toWords(textIn(after, "role"));
  if (kind === "provisioning.guard_changed") return guardStateWords(after);
  if (kind === "provisioning.guard_released") return minutesWords(valueIn(after, "minutes"));
  if (kind === "provisioning.removal_changed") return removalWords(valueIn(after, "onlyDirectoryRemoves"));
  if (kind === "sso.requirement_changed") return valueIn(after, "isRequired") === true ? " to yes" : " to no";
  if (kind === "member.email_change_started") return toWords(textIn(after, "email"));
  if (kind === "domain.failed" || kind === "domain.lapsed") return problemWords(textIn(after, "problem"));
  if (kind === "provisioning.disabled") return afterwardsWords(after);
  if (kind === "member.email_changed") return `${from === undefined ? "" : ` from ${from}`}${toWords(to)}`;
  const isNew = kind === "member.created" || kind === "member.handed_over";
  if (isNew && valueIn(after, "awaitsAcceptance") === true) return ", who has to accept first";
  if (kind === "member.updated") return fieldWords(after);
  if (kind === "role.mapped") return ` to ${roleIn(after)}`;
  if (kind === "member.role_granted") return grantWords(textIn(after, "source"), textIn(after, "group"));
  if (kind === "member.role_revoked") return grantWords(textIn(before, "source"), textIn(before, "group"));
  if (kind === "role.renamed") return formerName(textIn(before, "name"));
  return "";
}

function problemWords(problem: string | undefined): string {
  return problem === undefined ? "" : `: ${problem}`;
}

function toWords(text: string | undefined): string {
  return text === undefined ? "" : ` to ${text}`;
}

function formerName(text: string | undefined): string {
  return text === undefined ? "" : `, which was called ${text}`;
}

function providerIn(values: unknown): string {
  const provider = textIn(values, "provider");
  return provider === "okta" ? "Okta" : provider === "entra" ? "Entra" : "another identity provider";
}

function roleIn(values: unknown): string {
  const role = textIn(values, "role");
  return role === undefined ? "a role" : `the role ${role}`;
}
