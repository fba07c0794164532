import type { ActorKind, ChangeKind, SubjectKind } from "./change.ts";
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

function actorWords(kind: ActorKind, name: string): string {
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
  "provisioning.default_role_changed": ["changed", "change"],
  "provisioning.guard_changed": ["changed", "change"],
  "provisioning.guard_released": ["let everything pass", "let everything pass"],
  "token.issued": ["generated", "generate"],
  "token.revoked": ["revoked", "revoke"],
  "token.rotated": ["rotated", "rotate"],
  "domain.verified": ["verified", "verify"],
  "member.created": ["added", "add"],
  "member.linked": ["linked", "link"],
  "member.updated": ["changed", "change"],
  "member.email_changed": ["changed", "change"],
  "member.deactivated": ["deactivated", "deactivate"],
  "member.reactivated": ["reactivated", "reactivate"],
  "member.deleted": ["removed", "remove"],
  "member.revived": ["brought back", "bring back"],
  "member.accepted": ["accepted", "accept"],
  "member.role_granted": ["gave", "give"],
  "member.role_revoked": ["took", "take"],
  "role.created": ["created", "create"],
  "role.renamed": ["renamed", "rename"],
  "role.updated": ["changed", "change"],
  "role.deleted": ["deleted", "delete"],
  "role.linked": ["linked", "link"],
  "role.unlinked": ["took", "take"],
} as const satisfies Record<ChangeKind, readonly [string, string]>;

/** What the verb is about. */
function objectOf(entry: DescribedChange): string {
  const name = subjectWords(entry.subject.kind, entry.subject.name);
  switch (entry.kind) {
    case "provisioning.default_role_changed":
      return "the default role";
    case "provisioning.guard_changed":
      return "the guard";
    case "provisioning.guard_released":
      return "the guard";
    case "member.email_changed":
      return `the e-mail address of ${name}`;
    case "member.linked":
    case "role.linked":
      return `${name} to the directory`;
    case "role.unlinked":
      return `${name} back from the directory`;
    case "member.accepted":
      return "the membership";
    case "member.role_granted":
      return `${name} ${roleIn(entry.after)}`;
    case "member.role_revoked":
      return `${roleIn(entry.before)} from ${name}`;
    case "organization.created":
    case "provisioning.enabled":
    case "provisioning.disabled":
    case "token.issued":
    case "token.revoked":
    case "token.rotated":
    case "domain.verified":
    case "member.created":
    case "member.updated":
    case "member.deactivated":
    case "member.reactivated":
    case "member.deleted":
    case "member.revived":
    case "role.created":
    case "role.renamed":
    case "role.updated":
    case "role.deleted":
      return name;
  }
}

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
  }
}

/** What the entry's values add to the sentence of something that was done; "" where they say nothing more. */
function additionOf({ kind, before, after }: DescribedChange): string {
  const [from, to] = [textIn(before, "userName"), textIn(after, "userName")];
  if (kind === "provisioning.default_role_changed") return toWords(textIn(after, "role"));
  if (kind === "provisioning.guard_changed") return valueIn(after, "isGuardOn") === true ? " to on" : " to off";
  if (kind === "provisioning.guard_released") return minutesWords(valueIn(after, "minutes"));
  if (kind === "provisioning.disabled") return releasedWords(valueIn(after, "membersReleased"));
  if (kind === "member.email_changed") return `${from === undefined ? "" : ` from ${from}`}${toWords(to)}`;
  if (kind === "member.created" && valueIn(after, "awaitsAcceptance") === true) return ", who has to accept first";
  if (kind === "member.updated") return fieldWords(after);
  if (kind === "role.renamed") return formerName(textIn(before, "name"));
  return "";
}

function toWords(text: string | undefined): string {
  return text === undefined ? "" : ` to ${text}`;
}

function formerName(text: string | undefined): string {
  return text === undefined ? "" : `, which was called ${text}`;
}

function minutesWords(minutes: unknown): string {
  return typeof minutes === "number" ? ` for ${minutes} minutes` : "";
}

function releasedWords(people: unknown): string {
  return typeof people === "number" ? ` and released ${people} ${people === 1 ? "person" : "people"}` : "";
}

const fieldNames: Readonly<Record<string, string>> = {
  userName: "userName",
  externalId: "external id",
  givenName: "given name",
  familyName: "family name",
  displayName: "display name",
  name: "name",
};

function fieldWords(after: unknown): string {
  const keys = typeof after === "object" && after !== null ? Object.keys(after) : [];
  const words = keys.flatMap((key) => fieldNames[key] ?? []);
  return words.length === 0 ? "" : ` (${words.join(", ")})`;
}

function roleIn(values: unknown): string {
  const role = textIn(values, "role");
  return role === undefined ? "a role" : `the role ${role}`;
}

function textIn(values: unknown, key: string): string | undefined {
  const value = valueIn(values, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function valueIn(values: unknown, key: string): unknown {
  return typeof values === "object" && values !== null
    ? Object.entries(values).find(([name]) => name === key)?.[1]
    : undefined;
}
