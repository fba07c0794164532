import type { ActorKind, ChangeKind, DescribedChange } from "../change/change.ts";
import { objectOf, quoted, roleIn } from "./object-messages.ts";
import { afterwardsText, guardStateText, durationText, removalText } from "./provisioning-messages.ts";
import { textIn, valueIn } from "../change/logged-values.ts";
import { reasonOf } from "./refusal-messages.ts";
import { nameInSentence } from "./sentence.ts";

/**
 * Describes an entry of the change log in one sentence without a full stop: `Michael Scott revoked the token “Okta”`,
 * or the attempt and why it was refused.
 */
export function describeChange(entry: DescribedChange): string {
  const who = actorLabel(entry.actor.kind, entry.actor.name);
  const [did, input] = verbs[entry.kind];
  const isOwn = isOfThemselves(entry);
  const object = objectOf(entry, isOwn);
  if (entry.refusal === null) return `${who} ${deedOf(entry, isOwn) ?? `${did} ${object}`}${additionOf(entry)}`;
  const attempt = `${input} ${object}`;
  return `${who} tried to ${attempt}, which was refused: ${reasonOf(entry.refusal, entry.after)}`;
}

/**
 * Only an invited person creates a member with an actor of kind `person`, even if the membership is another person's by
 * now.
 */
function isOfThemselves({ kind, actor, refusal, isSelf }: DescribedChange): boolean {
  return isSelf === true || (kind === "member.created" && actor.kind === "person" && refusal === null);
}

/** The actor, as the start of a sentence. */
export function actorLabel(kind: ActorKind, givenName: string): string {
  const name = nameInSentence(givenName);
  switch (kind) {
    case "token":
      return name === "" ? "The identity provider" : `The identity provider (token ${quoted(name)})`;
    case "person":
      return name === "" ? "Someone" : name;
    case "operator":
      return "The operator of Rollcall";
    case "system":
      return "Rollcall";
  }
}

/** The verb in the past tense, and in the infinitive for refused attempts. */
const verbs = {
  "organization.created": ["created", "create"],
  "provisioning.enabled": ["turned on", "turn on"],
  "provisioning.disabled": ["turned off", "turn off"],
  "provisioning.people_released": ["unlocked", "unlock"],
  "provisioning.people_done": ["finished", "finish"],
  "provisioning.default_role_changed": ["changed", "change"],
  "provisioning.guard_changed": ["changed", "change"],
  "provisioning.guard_released": ["allowed", "allow"],
  "provisioning.guard_release_ended": ["stopped allowing", "stop allowing"],
  "provisioning.guard_latched": ["put", "put"],
  "provisioning.guard_approved": ["approved", "approve"],
  "provisioning.guard_rejected": ["rejected", "reject"],
  "provisioning.guard_decision_ended": ["withdrew", "withdraw"],
  "provisioning.guard_resumed": ["ended", "end"],
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
  "member.acceptance_asked": ["asked", "ask"],
  "member.handed_over": ["gave", "give"],
  "member.address_lost": ["removed", "remove"],
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
  "invitation.resent": ["sent", "send"],
  "invitation.revoked": ["withdrew", "withdraw"],
  "invitation.accepted": ["accepted", "accept"],
  "invitation.closed": ["closed", "close"],
  "sso.configured": ["set up", "set up"],
  "sso.removed": ["removed", "remove"],
  "sso.tested": ["tested", "test"],
  "sso.requirement_changed": ["changed", "change"],
  "sso.exempted": ["let", "let"],
  "sso.exemption_ended": ["ended", "end"],
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

/**
 * The predicate, if verb and object are not enough: a setting in words, or an action of people on themselves. Undefined
 * for any other entry.
 */
function deedOf({ kind, after }: DescribedChange, isOwn: boolean): string | undefined {
  switch (kind) {
    case "member.created":
      return isOwn ? "joined the organization" : undefined;
    case "member.revived":
      return isOwn ? "joined the organization again" : undefined;
    case "provisioning.guard_changed":
      return guardStateText(after);
    case "provisioning.removal_changed":
      return removalText(valueIn(after, "onlyDirectoryRemoves"));
    case "sso.requirement_changed":
      return requirementText(valueIn(after, "isRequired"));
    default:
      return undefined;
  }
}

function requirementText(isRequired: unknown): string | undefined {
  if (typeof isRequired !== "boolean") return undefined;
  return isRequired ? "required single sign-on" : "made single sign-on optional";
}

/** What the entry's values add to the sentence; "" if nothing. */
function additionOf({ kind, before, after }: DescribedChange): string {
  const [from, to] = [textIn(before, "userName"), textIn(after, "userName")];
  if (kind === "provisioning.default_role_changed") return targetText(textIn(after, "role"));
  if (kind === "provisioning.guard_released") return durationText(valueIn(after, "minutes"));
  if (kind === "member.email_change_started") return targetText(textIn(after, "email"));
  if (kind === "domain.failed" || kind === "domain.lapsed") return problemText(textIn(after, "problem"));
  if (kind === "provisioning.disabled") return afterwardsText(after);
  if (kind === "member.email_changed")
    return `${from === undefined ? "" : ` from ${nameInSentence(from)}`}${targetText(to)}`;
  const isNew = kind === "member.created" || kind === "member.reactivated" || kind === "member.handed_over";
  if (isNew && valueIn(after, "awaitsAcceptance") === true) return ", who must accept the membership first";
  if (kind === "member.updated") return fieldsText(after);
  if (kind === "role.mapped") return ` to ${roleIn(after)}`;
  if (kind === "member.role_granted") return grantText(textIn(after, "source"), textIn(after, "group"));
  if (kind === "member.role_revoked") return grantText(textIn(before, "source"), textIn(before, "group"));
  if (kind === "role.renamed") return formerName(textIn(before, "name"));
  return "";
}

function problemText(problem: string | undefined): string {
  return problem === undefined ? "" : `: ${problem}`;
}

function targetText(text: string | undefined): string {
  return text === undefined ? "" : ` to ${nameInSentence(text)}`;
}

function formerName(text: string | undefined): string {
  return text === undefined ? "" : `, which was called ${nameInSentence(text)}`;
}

/** The source of a gained or lost role, as the end of the sentence; "" if the actor is enough. */
function grantText(source: string | undefined, group: string | undefined): string {
  if (source !== "mapping") return "";
  return group === undefined ? ", by a mapping" : `, by the mapping of the group ${nameInSentence(group)}`;
}

/** The fields of a person by their keys in the log. */
const fieldLabels: Readonly<Record<string, string>> = {
  userName: "userName",
  externalId: "external id",
  givenName: "given name",
  familyName: "family name",
  displayName: "display name",
  name: "name",
};

/** The changed fields of a log entry, in brackets; "" if there are none. */
function fieldsText(after: unknown): string {
  const keys = typeof after === "object" && after !== null ? Object.keys(after) : [];
  const labels = keys.flatMap((key) => fieldLabels[key] ?? []);
  return labels.length === 0 ? "" : ` (${labels.join(", ")})`;
}
