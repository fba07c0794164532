import type { MemberReference } from "./okta-directory.ts";
import { patchBody } from "./scim-wire.ts";

/** Okta's PATCH after a create and with every membership change, renamed or not; `id` is the group's own. */
export function replaceName(remoteId: string, displayName: string): object {
  return patchBody([{ op: "replace", value: { id: remoteId, displayName } }]);
}

/** The full push; of an empty group with `value: []` (CAP-757). */
export function replaceMembers(members: readonly MemberReference[]): object {
  return patchBody([{ op: "replace", path: "members", value: members }]);
}

export function addMembers(members: readonly MemberReference[]): object {
  return patchBody([{ op: "add", path: "members", value: members }]);
}

/** One removal for each removed person, then one add of the added ones (CAP-419); undefined without changes. */
export function memberChanges(
  pushed: readonly MemberReference[],
  members: readonly MemberReference[],
): object | undefined {
  const wanted = new Set(members.map((member) => member.value));
  const before = new Set(pushed.map((member) => member.value));
  const removals = pushed
    .filter(({ value }) => !wanted.has(value))
    .map(({ value }) => ({ op: "remove", path: `members[value eq ${JSON.stringify(value)}]` }));
  const added = members.filter((member) => !before.has(member.value));
  const additions = added.length === 0 ? [] : [{ op: "add", path: "members", value: added }];
  const operations = [...removals, ...additions];
  return operations.length === 0 ? undefined : patchBody(operations);
}
