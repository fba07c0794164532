import {
  newestRefusal,
  providerWords,
  refusalStep,
  refusedCallWords,
  type RefusalsOf,
  type ToldChange,
} from "./absence-refusal.ts";
import { describeChange } from "../change/change-messages.ts";
import { reactivateByOwner } from "./member-reactivation.ts";

type Somebody = { readonly id: string; readonly name: string; readonly userName: string };

/** The person under the address that was asked for, where they are in the organization now. */
export type PresentFacts = Somebody & {
  readonly status: "active" | "inactive" | "awaiting";
  readonly isManaged: boolean;
  readonly isOwner: boolean;
  readonly isSsoExempt: boolean;
  /** What made them what they are: added, deactivated. */
  readonly entry: ToldChange | null;
};

/** All that one organization knows of an address; nothing of any other, nor whether there is an account elsewhere. */
export type AbsenceFacts = {
  /** As it was asked for. */
  readonly address: string;
  readonly domain: string | null;
  readonly isDomainVerified: boolean;
  readonly isProvisioningOn: boolean;
  readonly keepsLocks: boolean;
  readonly isSsoRequired: boolean;
  readonly present: PresentFacts | null;
  /** Somebody of that name whose membership has ended, and how. */
  readonly former: (Somebody & { readonly entry: ToldChange | null }) | null;
  readonly invitation: { readonly state: "open" | "expired" | "revoked"; readonly at: Date } | null;
  /** What the provider was refused last for this userName, address or local part. */
  readonly refusals: RefusalsOf;
  /** The same for a near spelling of it (`isNearSpelling`). */
  readonly nearRefusals: RefusalsOf;
  /** The last time that the provider looked for this name, as far back as calls are kept. */
  readonly lookedFor: { readonly at: Date; readonly tokenName: string } | null;
  /** People here whose names are spelled nearly so. */
  readonly alike: readonly Somebody[];
};

/** Where a next step is taken; the console knows the way. */
export const nextPlaces = [
  "person",
  "reactivate",
  "invite",
  "domains",
  "provisioning",
  "sso",
  "requests",
  "guide",
] as const;
export type NextPlace = (typeof nextPlaces)[number];

type NextStep = { readonly words: string; readonly place: NextPlace | null };

export const absenceKinds = [
  "here",
  "ssoOnly",
  "awaits",
  "inactive",
  "ended",
  "invited",
  "invitationOver",
  "refused",
  "lookedFor",
  "alike",
  "never",
] as const;

/** Why somebody is not here, or that they are: one sentence, when it was, who it is about and what to do next. */
export type Absence = {
  readonly kind: (typeof absenceKinds)[number];
  readonly words: string;
  readonly at: Date | null;
  readonly person: Somebody | null;
  readonly next: NextStep | null;
  /** The refused call that it is told from; null: another source. */
  readonly callId: string | null;
};

/** What is known of a person, without what every answer has. */
type Finding = Omit<Absence, "callId"> & { readonly callId?: string };

/** The best explanation of what is known; who is here comes first, then whatever happened last. */
export function explainAbsence(facts: AbsenceFacts): Absence {
  return { callId: null, ...explain(facts) };
}

function explain(facts: AbsenceFacts): Finding {
  if (facts.present !== null) return explainPresence(facts.present, facts);
  const ended = facts.former?.entry?.at.getTime() ?? 0;
  const refused = refusedWords(facts, facts.refusals);
  if (facts.invitation?.state === "open") return invited(facts, facts.invitation.at);
  if (refused !== undefined && (refused.at?.getTime() ?? -1) > ended) return refused;
  if (facts.former !== null) return endedWords(facts, facts.former);
  if (facts.invitation !== null) return invitationOver(facts, facts.invitation);
  if (facts.lookedFor !== null) return lookedForWords(facts, facts.lookedFor);
  const [first] = facts.alike;
  if (first !== undefined) return alikeWords(facts, first);
  return refusedWords(facts, facts.nearRefusals) ?? neverWords(facts);
}

function explainPresence(person: PresentFacts, facts: AbsenceFacts): Finding {
  const { id, name, userName, status, entry } = person;
  const about = { person: { id, name, userName }, at: entry?.at ?? null };
  switch (status) {
    case "inactive":
      return { ...about, kind: "inactive", words: inactiveWords(name, entry), next: reactivationStep(person, facts) };
    case "awaiting":
      return { ...about, kind: "awaits", words: awaitsWords(name, entry), next: acceptStep(facts) };
    case "active":
      return facts.isSsoRequired && !person.isOwner && !person.isSsoExempt
        ? {
            ...about,
            at: null,
            kind: "ssoOnly",
            words: `${name} is here, and gets in by single sign-on only`,
            next: ssoStep,
          }
        : {
            ...about,
            at: null,
            kind: "here",
            words: `${name} is here and active`,
            next: linkStep(person.isManaged, facts),
          };
  }
}

function inactiveWords(name: string, entry: ToldChange | null): string {
  if (entry === null) return `${name} is inactive: they are listed here, without access`;
  return entry.kind === "member.created" ? `${describeChange(entry)}, without access` : describeChange(entry);
}

function awaitsWords(name: string, entry: ToldChange | null): string {
  return entry === null ? `${name} has not accepted the membership yet` : describeChange(entry);
}

const ssoStep: NextStep = {
  words: "Have them start from your identity provider, or let them use a password",
  place: "sso",
};

/** What gives an inactive person back their access. */
function reactivationStep(person: PresentFacts, { isProvisioningOn }: AbsenceFacts): NextStep {
  if (reactivateByOwner(person, isProvisioningOn).ok) return { words: "Reactivate them", place: "reactivate" };
  return { words: "Reactivate or assign them in your identity provider, which manages them", place: "guide" };
}

/** What brings somebody back whose membership has ended. */
function backStep(isManaged: boolean, { isProvisioningOn }: AbsenceFacts): NextStep {
  if (isManaged && isProvisioningOn) {
    return { words: "Ask the administrator of your identity provider to assign them again", place: "guide" };
  }
  return { words: "Invite them again", place: "invite" };
}

function acceptStep({ domain, isDomainVerified }: AbsenceFacts): NextStep {
  const ask = "Ask them to sign in and accept, invite them by email";
  if (domain === null || isDomainVerified) return { words: ask.replace(",", " or"), place: "invite" };
  return { words: `${ask}, or verify ${domain}`, place: "domains" };
}

function linkStep(isManaged: boolean, { isProvisioningOn, keepsLocks }: AbsenceFacts): NextStep | null {
  if (isManaged && keepsLocks && !isProvisioningOn) {
    return { words: "Provisioning is off, but their locks stay: release them", place: "provisioning" };
  }
  if (isManaged || !isProvisioningOn) return null;
  return {
    words: "The directory does not manage them yet: assign them in your identity provider, which links them",
    place: "guide",
  };
}

function endedWords(facts: AbsenceFacts, former: NonNullable<AbsenceFacts["former"]>): Finding {
  const { id, name, userName, entry } = former;
  const words = entry === null ? `${name} was a member, and is no longer` : describeChange(entry);
  const isByDirectory = entry?.actor.kind === "token";
  const next = backStep(isByDirectory, facts);
  return { kind: "ended", words, at: entry?.at ?? null, person: { id, name, userName }, next };
}

function invited({ address }: AbsenceFacts, at: Date): Finding {
  const next: NextStep = { words: "Wait, or send the invitation again", place: "invite" };
  return { kind: "invited", words: `${address} is invited and has not accepted yet`, at, person: null, next };
}

function invitationOver({ address }: AbsenceFacts, { state, at }: NonNullable<AbsenceFacts["invitation"]>): Finding {
  const how = state === "expired" ? "ran out before it was accepted" : "was withdrawn";
  const next: NextStep = { words: "Invite them again", place: "invite" };
  return { kind: "invitationOver", words: `The invitation of ${address} ${how}`, at, person: null, next };
}

function refusedWords({ domain }: AbsenceFacts, refusals: RefusalsOf): Finding | undefined {
  const newest = newestRefusal(refusals);
  if (newest === undefined) return undefined;
  const { at } = newest;
  if ("change" in newest) {
    const { change } = newest;
    const next = refusalStep(change.refusal ?? "", domain);
    return { kind: "refused", words: describeChange(change), at, person: null, next };
  }
  const next: NextStep = { words: "Look at what your identity provider sent, and correct it there", place: "requests" };
  return { kind: "refused", words: refusedCallWords(newest.call), at, person: null, next, callId: newest.call.id };
}

function lookedForWords({ address }: AbsenceFacts, { at, tokenName }: { at: Date; tokenName: string }): Finding {
  const words = `${providerWords(tokenName)} looked for ${address}, found nobody, and has not added them since`;
  const next: NextStep = {
    words: "Check in your identity provider that it may create users here, and why it stopped",
    place: "requests",
  };
  return { kind: "lookedFor", words, at, person: null, next };
}

function alikeWords({ address }: AbsenceFacts, person: Somebody): Finding {
  const words = `Nobody is here as ${address}, but ${person.name} is here as ${person.userName}`;
  const next: NextStep = { words: `Look at ${person.name}, or ask for the other spelling`, place: "person" };
  return { kind: "alike", words, at: null, person, next };
}

function neverWords({ address, domain, isProvisioningOn }: AbsenceFacts): Finding {
  const never = { kind: "never", at: null, person: null } as const;
  if (domain === null) {
    const next: NextStep = { words: "Ask with the whole address, such as pam@example.com", place: null };
    return { ...never, words: `“${address}” is no e-mail address, and nobody was ever seen by that name`, next };
  }
  if (!isProvisioningOn) {
    const next: NextStep = { words: "Provisioning is off: invite them, or turn it on", place: "invite" };
    return { ...never, words: `${address} was never seen here`, next };
  }
  const next: NextStep = {
    words: "Ask the administrator of your identity provider whether they are assigned to this application",
    place: "guide",
  };
  return { ...never, words: `Your identity provider has never asked for ${address}`, next };
}
