import { withBody, type Breakage, type JsonObject } from "../breakage.ts";
import {
  accepting,
  anotherInstant,
  answering,
  anyGroup,
  anyResource,
  anyUser,
  bodyOf,
  isCall,
  operationsOf,
  refusing,
  sending,
  showing,
  withMeta,
  withoutScimType,
  statusInstead,
} from "../broken-write.ts";

const refusals = [
  ["patch-unknown-op", "patch-without-op", "patch-without-operations", "patch-operations-as-object"],
  ["patch-broken-json", "patch-malformed-path", "patch-unknown-path", "patch-malformed-filter", "patch-add-wrong-type"],
  ["patch-remove-without-path", "patch-remove-required", "patch-remove-required-of-group", "patch-remove-read-only"],
  ["patch-moves-no-id", "patch-replace-unmatched-filter", "patch-replace-immutable"],
].flat();

/** A PATCH that is answered wrongly, is too strict or not strict enough. */
export const patchAnswersBreakages: readonly Breakage[] = [
  {
    checks: [
      refusals,
      ["patch-is-atomic", "patch-group-is-atomic", "patch-without-target", "patch-with-its-schema"],
      ["patch-add-unknown-member", "patch-add-without-value", "patch-replace-unknown-member"],
      ["patch-replace-takes-no-others-user-name", "patch-replace-without-value"],
    ].flat(),
    title: "a PATCH that says yes to everything",
    ...accepting("PATCH", anyResource),
  },
  { checks: refusals, title: "a refused PATCH without a scimType", ...withoutScimType("PATCH", anyResource) },
  {
    checks: refusals.filter((id) => id !== "patch-add-wrong-type"),
    title: "a scimType that is invalidValue whatever is wrong",
    ...answering("PATCH", anyResource, (answered) =>
      answered.status < 400 ? answered : withBody(answered, (body) => ({ ...body, scimType: "invalidValue" })),
    ),
  },
  { checks: ["patch-endpoint-refused"], title: "a PATCH of an endpoint", ...accepting("PATCH", /^\/Users$/) },
  {
    checks: ["patch-answers-200-or-204", "patch-group-answers-200-or-204"],
    title: "a 202 for a PATCH",
    ...answering("PATCH", anyResource, (answered) => ({ ...answered, status: 202 })),
  },
  {
    checks: ["patch-answers-200-or-204"],
    title: "a PATCH that answers with its operations",
    ...showing("PATCH", anyUser, (_user, sent) => sent),
  },
  {
    checks: ["patch-group-answers-200-or-204"],
    title: "a PATCH of a group that answers with its operations",
    ...answering("PATCH", anyGroup, (answered, asked) => ({ ...answered, status: 200, text: asked.text })),
  },
  {
    checks: ["patch-shows-chosen-attributes", "patch-group-shows-chosen-attributes"],
    title: "a PATCH that shows nothing whatever is chosen",
    ...statusInstead("PATCH", anyResource, 200, 204),
  },
  {
    checks: ["patch-shows-chosen-attributes", "patch-group-shows-chosen-attributes"],
    title: "a PATCH that shows all whatever is chosen",
    answer: ({ asked, answered, ask }) =>
      isCall(asked, "PATCH", anyResource)
        ? ask({ ...asked, method: "GET", text: "", query: new URLSearchParams() })
        : answered,
  },
  {
    checks: ["patch-is-atomic", "patch-group-is-atomic"],
    title: "a refused PATCH whose first operation stays",
    answer: async ({ asked, answered, ask }) => {
      const operations = operationsOf(bodyOf(asked)).slice(0, 1);
      if (isCall(asked, "PATCH", anyResource) && answered.status >= 400)
        await ask({ ...asked, text: JSON.stringify({ Operations: operations }) });
      return answered;
    },
  },
  {
    checks: [
      ["patch-add-same-value-changes-nothing", "patch-add-known-member-changes-nothing", "patch-remove-nonmember"],
      ["patch-replace-same-value-changes-nothing", "patch-own-id-changes-nothing"],
    ].flat(),
    title: "a lastModified that every call moves",
    ...showing("GET", anyResource, (resource) => withMeta(resource, { lastModified: anotherInstant() })),
  },
  {
    checks: ["patch-add-known-member-changes-nothing", "patch-add-member-once"],
    title: "members who are there as often as they were added",
    answer: ({ asked, answered }) => (isCall(asked, "GET", anyGroup) ? withBody(answered, doubledLast) : answered),
  },
  {
    checks: ["patch-own-id-changes-nothing"],
    title: "a 4xx for a resource's own id",
    ...refusing("PATCH", anyGroup, (body) => JSON.stringify(body).includes('"id"')),
  },
  {
    checks: ["patch-remove-nonmember"],
    title: "a 4xx for a remove of who is no member",
    ...refusing("PATCH", anyGroup),
  },
  {
    checks: ["patch-paths-in-any-case", "patch-keys-in-any-case"],
    title: "a PATCH that knows names in one letter case only",
    ...refusing("PATCH", anyResource, (body) => /"NAME|"DISPLAYNAME|"Members/.test(JSON.stringify(body))),
  },
  {
    checks: ["patch-path-with-urn"],
    title: "a 4xx for a path with a URN",
    ...refusing("PATCH", anyResource, (body) => /"urn:[^"]*:displayName"/.test(JSON.stringify(body))),
  },
  {
    checks: ["patch-add-inactive-member"],
    title: "a 4xx for a member who is not active",
    ...refusing("PATCH", anyGroup),
  },
  {
    checks: ["patch-with-its-schema"],
    title: "a PATCH that does not look at its schemas",
    ...sending("PATCH", anyResource, (body) => ({ ...body, schemas: undefined })),
  },
];

let reads = 0;

/** The group with its last member twice, at every second read. */
function doubledLast(group: JsonObject): JsonObject {
  reads += 1;
  const members = Array.isArray(group["members"]) ? group["members"] : [];
  return { ...group, members: [...members, ...members.slice(-1 - (reads % 2))] };
}
