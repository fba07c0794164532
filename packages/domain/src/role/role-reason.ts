import type { Actor, ChangeKind } from "../change/change.ts";
import { actorLabel } from "../messages/change-messages.ts";
import type { GrantSource } from "./role.ts";

/** One source of a person's role, and the log entry that records it; null if there is none. */
export type GrantFacts = {
  readonly source: GrantSource;
  readonly roleName: string;
  /** The group whose mapping gives it; null if no mapping does or the log does not say. */
  readonly group: string | null;
  readonly entry: {
    readonly kind: ChangeKind;
    readonly actor: Pick<Actor, "kind" | "name">;
    /** Is the actor the person? */
    readonly isOwn?: boolean;
  } | null;
  /** Was the role given together with the membership? */
  readonly isFromStart: boolean;
};

/** Why a person has a role, as a sentence without a full stop and without the date. */
export function roleReason(facts: GrantFacts): string {
  const { source, roleName, group, entry, isFromStart } = facts;
  const who = entry === null ? undefined : actorLabel(entry.actor.kind, entry.actor.name);
  switch (source) {
    case "manual":
      if (who !== undefined) return `${who} gave it by hand`;
      return isFromStart ? "It came with the membership itself" : "Someone gave it by hand, before this was recorded";
    case "group":
      return who === undefined
        ? `They are in the directory group “${roleName}”`
        : `${who} put them into the group “${roleName}”`;
    case "mapping":
      return group === null
        ? "A mapping of the directory’s groups gives it"
        : `The mapping of the group “${group}” gives it`;
    case "default":
      return `It is the default role${defaultRoleText(facts, who)}`;
  }
}

/** The event at which the default role was given. */
function defaultRoleText({ entry }: GrantFacts, who: string | undefined): string {
  if (entry === null || who === undefined) return "";
  const { kind, isOwn = false } = entry;
  if (isOwn) return ", given when they joined";
  switch (kind) {
    case "member.created":
      return `, given when ${lowered(who)} added them`;
    case "member.revived":
      return `, given when ${lowered(who)} brought them back`;
    case "member.reactivated":
      return `, given when ${lowered(who)} reactivated them`;
    case "member.role_revoked":
      return `, kept when ${lowered(who)} took their last other role`;
    default:
      return "";
  }
}

/** The actor in the middle of a sentence; the name of a person or of Rollcall stays as it is. */
function lowered(who: string): string {
  return who.replace(/^(The|Someone)\b/, (word) => word.toLowerCase());
}
