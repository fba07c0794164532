import { withList, type Breakage } from "../breakage.ts";
import {
  accepting,
  answering,
  anyEndpoint,
  anyResource,
  anyUser,
  isCall,
  refusing,
  showing,
  statusInstead,
} from "../broken-write.ts";

const afterwards = [
  ["delete-then-get", "delete-then-put", "delete-unlists-user", "delete-leaves-groups", "delete-then-add-as-member"],
  ["delete-then-patch", "delete-twice"],
].flat();

/** How the proxy remembers that the call was a DELETE. */
const mark = "x-was-delete";

/** The DELETE of these paths is another call, and answered as if it had been done. */
function insteadOfDelete(path: RegExp, method: string, text: string): Pick<Breakage, "request" | "answer"> {
  return {
    request: (asked) => {
      if (!isCall(asked, "DELETE", path)) return asked;
      const headers = { ...asked.headers, [mark]: "yes", "content-type": "application/scim+json" };
      return { ...asked, method, text, headers };
    },
    answer: ({ asked, answered }) =>
      asked.headers[mark] === undefined || answered.status >= 400 ? answered : { ...answered, status: 204, text: "" },
  };
}

/** A DELETE that does less or more than it should. */
export const deletingBreakages: readonly Breakage[] = [
  {
    checks: ["delete-user-is-204", "delete-group-is-204"],
    title: "a 200 for a DELETE",
    ...statusInstead("DELETE", anyResource, 204, 200),
  },
  {
    checks: [...afterwards, "delete-unlists-group", "delete-frees-user-name", "delete-frees-group-name"],
    title: "a DELETE that says yes and does nothing",
    ...insteadOfDelete(anyResource, "GET", ""),
  },
  {
    checks: [...afterwards, "delete-frees-user-name"],
    title: "a DELETE of a user that only deactivates",
    ...insteadOfDelete(anyUser, "PATCH", '{"Operations":[{"op":"replace","path":"active","value":false}]}'),
  },
  {
    checks: ["delete-twice", "delete-nobody"],
    title: "a 204 for a DELETE of nothing",
    ...statusInstead("DELETE", anyResource, 404, 204),
  },
  {
    checks: ["delete-then-put"],
    title: "a 200 for a PUT of what is gone",
    ...statusInstead("PUT", anyResource, 404, 200),
  },
  {
    checks: ["delete-then-patch"],
    title: "a 204 for a PATCH of what is gone",
    ...statusInstead("PATCH", anyResource, 404, 204),
  },
  {
    checks: ["delete-then-get"],
    title: "a 410 for what is gone",
    ...answering("GET", anyResource, (answered) => (answered.status === 404 ? { ...answered, status: 410 } : answered)),
  },
  {
    checks: ["delete-unlists-user", "delete-unlists-group"],
    title: "a list that still shows what is gone",
    ...answering("GET", anyEndpoint, (answered) => withList(answered, (resources) => [...resources, { id: "gone" }])),
  },
  {
    checks: ["delete-group-keeps-people"],
    title: "people who are deactivated along with their group",
    ...showing("GET", anyUser, (user) => ({ ...user, active: false })),
  },
  {
    checks: ["delete-frees-user-name"],
    title: "a userName that stays taken",
    ...refusing("POST", /^\/Users$/),
  },
  { checks: ["delete-endpoint-refused"], title: "a DELETE of an endpoint", ...accepting("DELETE", anyEndpoint) },
];
