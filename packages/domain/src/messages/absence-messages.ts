import type {
  AbsenceFacts,
  AbsentPerson,
  DatedChange,
  NextStep,
  PresentFacts,
  RefusedRequest,
} from "../member/absence-facts.ts";
import { reactivateByOwner } from "../member/member-reactivation.ts";
import { describeChange } from "./change-messages.ts";

type Message = { readonly words: string; readonly next: NextStep };

export function activeMessage(name: string): string {
  return `${name} is an active member`;
}

export function ssoOnlyMessage(name: string): Message {
  return {
    words: `${name} is an active member and can only sign in with single sign-on`,
    next: { words: "Have them start from your identity provider, or let them use a password", place: "sso" },
  };
}

export function inactiveMessage(name: string, entry: DatedChange | null): string {
  if (entry === null) return `${name} is an inactive member, without access`;
  return entry.kind === "member.created" ? `${describeChange(entry)}, without access` : describeChange(entry);
}

export function awaitingMessage(name: string, entry: DatedChange | null): string {
  return entry === null ? `${name} has not accepted the membership yet` : describeChange(entry);
}

export function endedMessage(name: string, entry: DatedChange | null): string {
  return entry === null ? `${name} is no longer a member` : describeChange(entry);
}

/** How an inactive member regains access. */
export function reactivationStep(member: PresentFacts, { isProvisioningOn }: AbsenceFacts): NextStep {
  if (reactivateByOwner(member, isProvisioningOn).ok) return { words: "Reactivate them", place: "reactivate" };
  return { words: "Reactivate or assign them in your identity provider, which manages them", place: "guide" };
}

/** How a former member becomes a member again. */
export function backStep(isManaged: boolean, { isProvisioningOn }: AbsenceFacts): NextStep {
  if (isManaged && isProvisioningOn) {
    return { words: "Ask the administrator of your identity provider to assign them again", place: "guide" };
  }
  return { words: "Invite them again", place: "invite" };
}

export function acceptStep({ domain, isDomainVerified }: AbsenceFacts): NextStep {
  const ask = "Ask them to sign in and accept, invite them by email";
  if (domain === null || isDomainVerified) return { words: ask.replace(",", " or"), place: "invite" };
  return { words: `${ask}, or verify ${domain}`, place: "domains" };
}

export function linkStep(isManaged: boolean, { isProvisioningOn, keepsLocks }: AbsenceFacts): NextStep | null {
  if (isManaged && keepsLocks && !isProvisioningOn) {
    return { words: "Provisioning is off, but their account stays locked: unlock it", place: "provisioning" };
  }
  if (isManaged || !isProvisioningOn) return null;
  return {
    words: "The directory does not manage them yet: assign them in your identity provider, which links them",
    place: "guide",
  };
}

export function invitedMessage(address: string): Message {
  return {
    words: `${address} is invited and has not accepted yet`,
    next: { words: "Wait, or send the invitation again", place: "invite" },
  };
}

export function invitationEndedMessage(
  address: string,
  { state }: Pick<NonNullable<AbsenceFacts["invitation"]>, "state">,
): Message {
  const how = state === "expired" ? "expired before it was accepted" : "was withdrawn";
  return { words: `The invitation of ${address} ${how}`, next: { words: "Invite them again", place: "invite" } };
}

export function refusedChangeMessage(change: DatedChange, domain: string | null): Message {
  return { words: describeChange(change), next: refusalStep(change.refusal ?? "", domain) };
}

/** Describes a refused request, with the `detail` of its response. */
export function refusedRequestMessage({ tokenName, name, detail }: RefusedRequest): Message {
  const response = detail === "" ? "" : `: ${detail.replace(/\.$/, "")}`;
  return {
    words: `${providerWords(tokenName)} sent ${name}, which was refused${response}`,
    next: { words: "Look at what your identity provider sent, and correct it there", place: "requests" },
  };
}

export function lookedForMessage(address: string, tokenName: string): Message {
  return {
    words: `${providerWords(tokenName)} looked for ${address}, found no member, and has not added them since`,
    next: {
      words: "Check in your identity provider that it may create users here, and why it stopped",
      place: "requests",
    },
  };
}

export function alikeMessage(address: string, person: AbsentPerson): Message {
  return {
    words: `${address} is not a member, but ${person.name} is, as ${person.userName}`,
    next: { words: `Look at ${person.name}, or search for the other spelling`, place: "person" },
  };
}

export function neverSeenMessage({ address, domain, isProvisioningOn }: AbsenceFacts): Message {
  if (domain === null) {
    const words = `“${address}” is not an email address, and there is no record of that name`;
    return { words, next: { words: "Search for the whole address, such as pam@example.com", place: null } };
  }
  if (!isProvisioningOn) {
    const next: NextStep = { words: "Provisioning is off: invite them, or turn it on", place: "invite" };
    return { words: `There is no record of ${address}`, next };
  }
  const next: NextStep = {
    words: "Ask the administrator of your identity provider whether they are assigned to this application",
    place: "guide",
  };
  return { words: `Your identity provider has never sent a request about ${address}`, next };
}

/** The provider as the sender of a request, by its token if known. */
function providerWords(tokenName: string): string {
  return tokenName === "" ? "The identity provider" : `The identity provider (token “${tokenName}”)`;
}

/** What the owner can do about a rule that refused to add a person. */
function refusalStep(rule: string, domain: string | null): NextStep {
  switch (rule) {
    case "domainNotVerified":
      return { words: `Verify ${domain ?? "the domain"}`, place: "domains" };
    case "guardTripped":
      return { words: "Review the removals held by mass-removal protection", place: "provisioning" };
    case "provisioningOff":
      return { words: "Turn provisioning on", place: "provisioning" };
    case "userNameNotEmail":
      return { words: "Have your identity provider send the email address as the userName", place: "guide" };
    default:
      return { words: "Ask the administrator of your identity provider, and look at what it sent", place: "requests" };
  }
}
