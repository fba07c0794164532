import type { Absence, AbsenceFacts, PresentFacts, RefusalsOf } from "./absence-facts.ts";
import {
  acceptStep,
  activeMessage,
  alikeMessage,
  awaitingMessage,
  backStep,
  endedMessage,
  inactiveMessage,
  invitationEndedMessage,
  invitedMessage,
  linkStep,
  lookedForMessage,
  neverSeenMessage,
  reactivationStep,
  refusedChangeMessage,
  refusedRequestMessage,
  ssoOnlyMessage,
} from "../messages/absence-messages.ts";

/** An `Absence` whose `scimRequestId` may be left out. */
type Explanation = Omit<Absence, "scimRequestId"> & { readonly scimRequestId?: string };

/** Returns the best explanation of the facts; a current member comes first, then the most recent event. */
export function explainAbsence(facts: AbsenceFacts): Absence {
  return { scimRequestId: null, ...explain(facts) };
}

function explain(facts: AbsenceFacts): Explanation {
  if (facts.present !== null) return explainPresence(facts.present, facts);
  const ended = facts.former?.entry?.at.getTime() ?? 0;
  const refused = explainRefusal(facts, facts.refusals);
  const { address, invitation, former, lookedFor } = facts;
  if (invitation?.state === "open")
    return { kind: "invited", at: invitation.at, person: null, ...invitedMessage(address) };
  if (refused !== undefined && (refused.at?.getTime() ?? -1) > ended) return refused;
  if (former !== null) return explainEnd(facts, former);
  if (invitation !== null) {
    return { kind: "invitationOver", at: invitation.at, person: null, ...invitationEndedMessage(address, invitation) };
  }
  if (lookedFor !== null) {
    return { kind: "lookedFor", at: lookedFor.at, person: null, ...lookedForMessage(address, lookedFor.tokenName) };
  }
  const [first] = facts.alike;
  if (first !== undefined) return { kind: "alike", at: null, person: first, ...alikeMessage(address, first) };
  const refusedNear = explainRefusal(facts, facts.nearRefusals);
  return refusedNear ?? { kind: "never", at: null, person: null, ...neverSeenMessage(facts) };
}

function explainPresence(member: PresentFacts, facts: AbsenceFacts): Explanation {
  const { id, name, userName, status, entry, isManaged } = member;
  const about = { person: { id, name, userName }, at: entry?.at ?? null };
  switch (status) {
    case "inactive":
      return { ...about, kind: "inactive", text: inactiveMessage(name, entry), next: reactivationStep(member, facts) };
    case "awaiting":
      return { ...about, kind: "awaits", text: awaitingMessage(name, entry), next: acceptStep(facts) };
    case "active":
      return facts.isSsoRequired && !member.isOwner && !member.isSsoExempt
        ? { ...about, at: null, kind: "ssoOnly", ...ssoOnlyMessage(name) }
        : { ...about, at: null, kind: "here", text: activeMessage(name), next: linkStep(isManaged, facts) };
  }
}

function explainEnd(facts: AbsenceFacts, former: NonNullable<AbsenceFacts["former"]>): Explanation {
  const { id, name, userName, entry } = former;
  const next = backStep(entry?.actor.kind === "token", facts);
  return {
    kind: "ended",
    text: endedMessage(name, entry),
    at: entry?.at ?? null,
    person: { id, name, userName },
    next,
  };
}

/** A request is recorded up to this long after the change log entry that it wrote. */
const recordedWithinMs = 120_000;

/** The newest refusal; a change log entry says more than the request whose refusal it records. */
function explainRefusal({ domain }: AbsenceFacts, { change, request }: RefusalsOf): Explanation | undefined {
  const refused = { kind: "refused", person: null } as const;
  const isRequestNewer = request !== null && request.at.getTime() - (change?.at.getTime() ?? 0) > recordedWithinMs;
  if (isRequestNewer)
    return { ...refused, at: request.at, scimRequestId: request.id, ...refusedRequestMessage(request) };
  return change === null ? undefined : { ...refused, at: change.at, ...refusedChangeMessage(change, domain) };
}
