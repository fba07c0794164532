import { without, withBody, type Breakage } from "../breakage.ts";
import { withHeader } from "../broken-answer.ts";
import {
  answering,
  anyEndpoint,
  anyGroup,
  anyUser,
  bodyOf,
  sending,
  showing,
  statusInstead,
  withMeta,
} from "../broken-write.ts";

const groups = /^\/Groups$/;
const users = /^\/Users$/;

/** A POST that is answered wrongly. */
const answers: readonly Breakage[] = [
  { checks: ["create-is-201"], title: "a 200 for a POST", ...statusInstead("POST", anyEndpoint, 201, 200) },
  {
    checks: ["create-location-header"],
    title: "no Location after a POST",
    ...answering("POST", anyEndpoint, (answered) => withHeader(answered, "location", undefined)),
  },
  {
    checks: ["create-location-header"],
    title: "a Location of the endpoint and not of the resource",
    ...answering("POST", anyEndpoint, (answered) => withHeader(answered, "location", "/scim_v2/Groups")),
  },
  {
    checks: ["create-location-names-the-resource"],
    title: "a meta.location without the id",
    ...showing("POST", groups, (group) => ({ ...group, meta: { location: "https://scim.example/Groups/" } })),
  },
  {
    checks: ["create-answers-scim-json"],
    title: "a POST that is answered with text/json",
    ...answering("POST", groups, (answered) => withHeader(answered, "content-type", "text/json")),
  },
  {
    checks: ["create-answers-the-resource"],
    title: "a POST that leaves the members out of its answer",
    ...showing("POST", groups, (group) => without(group, "members")),
  },
  {
    checks: ["create-names-schema"],
    title: "a new group without schemas",
    ...showing("POST", groups, (group) => without(group, "schemas")),
  },
  {
    checks: ["create-gives-unique-id"],
    title: "the same id for every new group",
    ...showing("POST", groups, (group) => ({ ...group, id: "1" })),
  },
  {
    checks: ["create-ignores-id"],
    title: "a group under the id that the client sent",
    ...showing("POST", groups, (group, sent) => ({ ...group, id: sent["id"] ?? group["id"] })),
  },
  {
    checks: ["create-shows-chosen-attributes"],
    title: "a POST that shows everything whatever is asked for",
    request: (asked) => (asked.method === "POST" ? { ...asked, query: new URLSearchParams() } : asked),
  },
  {
    checks: ["create-user-hides-password"],
    title: "a password that is returned",
    ...showing("POST", users, (user, sent) => ({ ...user, password: sent["password"] })),
  },
  {
    checks: ["create-user-one-primary-email"],
    title: "two primary e-mail addresses",
    ...showing("POST", users, (user) => ({
      ...user,
      emails: [1, 2].map((number) => ({ value: `${number}@a.example`, primary: true })),
    })),
  },
  {
    checks: ["create-user-active-by-default"],
    title: "active as a text",
    ...showing("GET", anyUser, (user) => ({ ...user, active: "true" })),
  },
];

/** A POST that keeps less, more or something else than it was sent. */
const losses: readonly Breakage[] = [
  {
    checks: ["create-ignores-meta"],
    title: "a created of the client's",
    ...showing("GET", anyGroup, (group) => withMeta(group, { created: "2001-01-01T00:00:00Z" })),
  },
  {
    checks: ["create-keeps-external-id"],
    title: "an externalId in lower case",
    ...sending("POST", groups, (body) => ({ ...body, externalId: String(body["externalId"]).toLowerCase() })),
  },
  {
    checks: ["create-keeps-display-name"],
    title: "texts in ASCII only",
    ...sending("POST", groups, (body) => ({
      ...body,
      displayName: String(body["displayName"]).replaceAll(/[^ -~]/g, "?"),
    })),
  },
  {
    checks: ["create-with-members", "create-member-names-its-type"],
    title: "a POST that drops the members",
    ...sending("POST", groups, (body) => without(body, "members")),
  },
  {
    checks: ["create-member-names-its-type"],
    title: "members that are groups",
    ...showing("GET", anyGroup, (group) => ({ ...group, members: [{ value: "1", type: "Group", $ref: "/Groups/1" }] })),
  },
  {
    checks: ["create-null-is-no-value"],
    title: "null as the text null",
    ...showing("GET", anyGroup, (group) => ({ externalId: "null", ...group })),
  },
  {
    checks: ["create-empty-array-is-no-value"],
    title: "a member that nobody has sent",
    ...showing("GET", anyGroup, (group) => ({ ...group, members: [{ value: "1" }] })),
  },
  {
    checks: ["create-is-listed"],
    title: "a list that lags behind",
    ...answering("GET", groups, (answered) => withBody(answered, (body) => ({ ...body, Resources: [] }))),
  },
  {
    checks: ["create-user-keeps-user-name"],
    title: "a userName in lower case",
    ...showing("GET", anyUser, (user) => ({ ...user, userName: String(user["userName"]).toLowerCase() })),
  },
  {
    checks: ["create-user-keeps-name"],
    title: "a name that is not kept",
    ...sending("POST", users, (body) => without(body, "name")),
  },
  {
    checks: ["create-user-inactive"],
    title: "everybody active from the beginning",
    ...sending("POST", users, (body) => without(body, "active")),
  },
  {
    checks: ["create-at-a-resource"],
    title: "a POST to a group that is taken for a PUT",
    request: (asked) => (asked.method === "POST" && anyGroup.test(asked.path) ? { ...asked, method: "PUT" } : asked),
  },
  {
    checks: ["create-user-name-taken-changes-nothing"],
    title: "a POST of a known userName that renames whoever has it",
    answer: async ({ asked, answered, ask }) => {
      if (asked.method !== "POST" || answered.status !== 409) return answered;
      const { userName } = bodyOf(asked);
      const { query: _query, ...same } = asked;
      const query = new URLSearchParams({ filter: `userName eq "${String(userName)}"` });
      const found = await ask({ ...same, method: "GET", text: "", query });
      const id = /"id":"([^"]+)"/.exec(found.text)?.[1] ?? "";
      await ask({ ...asked, method: "PUT", path: `/Users/${id}` });
      return answered;
    },
  },
  {
    checks: ["create-refused-makes-nothing"],
    title: "a refused POST that has made the group without its members",
    answer: async ({ asked, answered, ask }) => {
      if (asked.method === "POST" && answered.status === 400)
        await ask({ ...asked, text: JSON.stringify(without(bodyOf(asked), "members")) });
      return answered;
    },
  },
];

export const creatingBreakages: readonly Breakage[] = [...answers, ...losses];
