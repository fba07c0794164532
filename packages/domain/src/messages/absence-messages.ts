import type {
  AbsenceFacts,
  AbsentPerson,
  DatedChange,
  NextStep,
  PresentFacts,
  RefusedRequest,
} from "../member/absence-facts.ts";
import { checkReactivation } from "../member/member-reactivation.ts";
import { describeChange } from "./change-messages.ts";

type Message = { readonly text: string; readonly next: NextStep };

export function activeMessage(name: string): string {
  return `${name} is an active member`;
}

export function ssoOnlyMessage(name: string): Message {
  return {
    text: `${name} is an active member and can only sign in with single sign-on`,
    next: { text: "Have them start from your identity provider, or let them use a password", place: "sso" },
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
  if (checkReactivation(member, isProvisioningOn).ok) return { text: "Reactivate them", place: "reactivate" };
  return { text: "Reactivate or assign them in your identity provider, which manages them", place: "guide" };
}

/** How a former member becomes a member again. */
export function backStep(isManaged: boolean, { isProvisioningOn }: AbsenceFacts): NextStep {
  if (isManaged && isProvisioningOn) {
    return { text: "Ask the administrator of your identity provider to assign them again", place: "guide" };
  }
  return { text: "Invite them again", place: "invite" };
}

export function acceptStep({ domain, isDomainVerified }: AbsenceFacts): NextStep {
  const ask = "Ask them to sign in and accept, invite them by email";
  if (domain === null || isDomainVerified) return { text: ask.replace(",", " or"), place: "invite" };
  return { text: `${ask}, or verify ${domain}`, place: "domains" };
}

export function linkStep(isManaged: boolean, { isProvisioningOn, keepsLocks }: AbsenceFacts): NextStep | null {
  if (isManaged && keepsLocks && !isProvisioningOn) {
    return { text: "Provisioning is off, but their account stays locked: unlock it", place: "provisioning" };
  }
  if (isManaged || !isProvisioningOn) return null;
  return {
    text: "The directory does not manage them yet: assign them in your identity provider, which links them",
    place: "guide",
  };
}

export function invitedMessage(address: string): Message {
  return {
    text: `${address} is invited and has not accepted yet`,
    next: { text: "Wait, or send the invitation again", place: "invite" },
  };
}

export function invitationEndedMessage(
  address: string,
  { state }: Pick<NonNullable<AbsenceFacts["invitation"]>, "state">,
): Message {
  if (state === "suspended") {
    const text = `The invitation to ${address} is suspended, as its sender is no longer an owner`;
    return { text, next: { text: "Send the invitation again", place: "invite" } };
  }
  const how = state === "expired" ? "expired before it was accepted" : "was withdrawn";
  return { text: `The invitation to ${address} ${how}`, next: { text: "Invite them again", place: "invite" } };
}

export function refusedChangeMessage(change: DatedChange, domain: string | null): Message {
  return { text: describeChange(change), next: refusalStep(change.refusal ?? "", domain) };
}

/** Describes a refused request, with the `detail` of its response. */
export function refusedRequestMessage({ tokenName, name, detail }: RefusedRequest): Message {
  const response = detail === "" ? "" : `: ${detail.replace(/\.$/, "")}`;
  return {
    text: `${providerLabel(tokenName)} sent ${name}, which was refused${response}`,
    next: { text: "Look at what your identity provider sent, and correct it there", place: "requests" },
  };
}

export function lookedForMessage(address: string, tokenName: string): Message {
  return {
    text: `${providerLabel(tokenName)} looked for ${address}, found no member, and has not added them since`,
    next: {
      text: "Check in your identity provider that it may create users here, and why it stopped",
      place: "requests",
    },
  };
}

export function alikeMessage(address: string, person: AbsentPerson): Message {
  return {
    text: `${address} is not a member, but ${person.name} is, as ${person.userName}`,
    next: { text: `Look at ${person.name}, or search for the other spelling`, place: "person" },
  };
}

export function neverSeenMessage({ address, domain, isProvisioningOn }: AbsenceFacts): Message {
  if (domain === null) {
    const text = `“${address}” is not an email address, and there is no record of that name`;
    return { text, next: { text: "Search for the whole address, such as pam@example.com", place: null } };
  }
  if (!isProvisioningOn) {
    const next: NextStep = { text: "Provisioning is off: invite them, or turn it on", place: "invite" };
    return { text: `There is no record of ${address}`, next };
  }
  const next: NextStep = {
    text: "Ask the administrator of your identity provider whether they are assigned to this application",
    place: "guide",
  };
  return { text: `Your identity provider has never sent a request about ${address}`, next };
}

/** The provider as the sender of a request, by its token if known. */
function providerLabel(tokenName: string): string {
  return tokenName === "" ? "The identity provider" : `The identity provider (token “${tokenName}”)`;
}

/** What the owner can do about a rule that refused to add a person. */
function refusalStep(rule: string, domain: string | null): NextStep {
  switch (rule) {
    case "domainNotVerified":
      return { text: `Verify ${domain ?? "the domain"}`, place: "domains" };
    case "guardTripped":
      return { text: "Review the removals held by mass-removal protection", place: "provisioning" };
    case "provisioningOff":
      return { text: "Turn provisioning on", place: "provisioning" };
    case "userNameNotEmail":
      return { text: "Have your identity provider send the email address as the userName", place: "guide" };
    default:
      return { text: "Ask the administrator of your identity provider, and look at what it sent", place: "requests" };
  }
}
