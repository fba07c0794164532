import { isObject, without, type Breakage } from "../breakage.ts";
import { withHeader } from "../broken-answer.ts";
import {
  anotherInstant,
  answering,
  anyGroup,
  anyUser,
  anyResource,
  bodyOf,
  ignoring,
  isCall,
  sending,
  showing,
  withMeta,
  statusInstead,
} from "../broken-write.ts";

/** A PUT that is answered wrongly. */
const answers: readonly Breakage[] = [
  {
    checks: ["replace-is-200-with-the-resource", "replace-answers-scim-json", "replace-ignores-id"],
    title: "a 204 for a PUT",
    ...statusInstead("PUT", anyResource, 200, 204),
  },
  {
    checks: ["replace-is-200-with-the-resource"],
    title: "a PUT that answers only what it was sent",
    ...showing("PUT", anyUser, (_user, sent) => sent),
  },
  {
    checks: ["replace-answers-scim-json"],
    title: "a PUT that is answered with text/plain",
    ...answering("PUT", anyResource, (answered) => withHeader(answered, "content-type", "text/plain")),
  },
  {
    checks: ["replace-keeps-id-and-created"],
    title: "a PUT that makes the user a new one",
    ...showing("PUT", anyUser, (user) => withMeta(user, { created: anotherInstant() })),
  },
  {
    checks: ["replace-ignores-id"],
    title: "a PUT that takes the id of the body",
    ...showing("PUT", anyUser, (user, sent) => ({ ...user, id: sent["id"] ?? user["id"] })),
  },
  {
    checks: ["replace-shows-chosen-attributes", "replace-hides-excluded-attributes"],
    title: "a PUT that shows everything whatever is asked for",
    request: (asked) => (isCall(asked, "PUT", anyUser) ? { ...asked, query: new URLSearchParams() } : asked),
  },
];

/** A PUT that does something else than it should. */
const effects: readonly Breakage[] = [
  {
    checks: [
      ["replace-is-200-with-the-resource", "replace-sets-what-is-sent", "replace-clears-what-is-omitted"],
      ["replace-clears-omitted-parts", "replace-null-clears", "replace-ignores-id", "replace-deactivates"],
      ["replace-sets-members", "replace-empties-members", "replace-renames-group", "replace-names-in-any-case"],
      ["replace-ignores-unknown-attributes", "replace-shows-chosen-attributes"],
    ].flat(),
    title: "a PUT that says yes and does nothing",
    ...ignoring("PUT", anyResource),
  },
  {
    checks: ["replace-clears-what-is-omitted", "replace-clears-omitted-parts", "replace-null-clears"],
    title: "a PUT that only adds",
    request: (asked) => {
      if (!isCall(asked, "PUT", anyUser)) return asked;
      const value = Object.fromEntries(Object.entries(bodyOf(asked)).filter(([, member]) => member !== null));
      return { ...asked, method: "PATCH", text: JSON.stringify({ Operations: [{ op: "add", value }] }) };
    },
  },
  {
    checks: ["replace-as-read-changes-nothing"],
    title: "a lastModified that every PUT of a user moves",
    ...showing("GET", anyUser, (user) => withMeta(user, { lastModified: anotherInstant() })),
  },
  {
    checks: ["replace-group-as-read-changes-nothing"],
    title: "a PUT of a group that moves lastModified",
    ...showing("GET", anyGroup, (group) => withMeta(group, { lastModified: anotherInstant() })),
  },
  {
    checks: ["replace-ignores-meta"],
    title: "a meta of the client's",
    ...showing("GET", anyUser, (user) => withMeta(user, { created: anotherInstant() })),
  },
  {
    checks: ["replace-ignores-groups"],
    title: "a PUT of a user with no groups that empties the group",
    answer: async ({ asked, answered, ask }) => {
      if (!isCall(asked, "GET", anyGroup)) return answered;
      const group: unknown = JSON.parse(answered.text);
      if (!isObject(group)) return answered;
      const text = JSON.stringify({ ...group, members: [] });
      return ask({ ...asked, headers: { ...asked.headers, "content-type": "application/json" }, method: "PUT", text });
    },
  },
  {
    checks: ["replace-deactivates"],
    title: "a PUT that leaves active as it is",
    ...sending("PUT", anyUser, (body) => without(body, "active")),
  },
  {
    checks: ["replace-sets-members", "replace-empties-members"],
    title: "a PUT of a group that leaves its members alone",
    ...sending("PUT", anyGroup, (body) => without(body, "members")),
  },
];

export const replacingBreakages: readonly Breakage[] = [...answers, ...effects];
