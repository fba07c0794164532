import { withBody, without, type Answered, type Breakage } from "../breakage.ts";
import { refusal, withHeader, withStatus } from "../broken-answer.ts";
import { call, status, when } from "../exchange-match.ts";

const refused = status(400, 401, 404, 405, 409, 415, 501);
const nothing: Answered = { status: 204, headers: {}, text: "" };

export const errorBreakages: readonly Breakage[] = [
  {
    checks: ["error-is-a-client-error", "error-broken-json-is-invalid-syntax"],
    title: "a 500 for what the client did wrong",
    answer: when(status(400), (answered) => withStatus(answered, 500)),
  },
  {
    checks: ["error-has-the-error-schema", "error-unknown-user-is-404", "method-on-a-list-is-refused"],
    title: "a refusal without a schema",
    answer: when(refused, (answered) => withBody(answered, (body) => without(body, "schemas"))),
  },
  {
    checks: ["error-status-is-a-text"],
    title: "a status that is a number",
    answer: when(refused, (answered) => withBody(answered, (body) => ({ ...body, status: Number(body["status"]) }))),
  },
  {
    checks: ["error-detail-is-a-text"],
    title: "a refusal without a word",
    answer: when(refused, (answered) => withBody(answered, (body) => without(body, "detail"))),
  },
  {
    checks: ["error-scim-type-is-legal"],
    title: "a scimType of the service's own",
    answer: when(refused, (answered) => withBody(answered, (body) => ({ ...body, scimType: "badRequest" }))),
  },
  {
    checks: ["error-is-scim-json"],
    title: "a refusal as plain JSON",
    answer: when(refused, (answered) => withHeader(answered, "content-type", "application/json")),
  },
  {
    checks: ["error-broken-json-is-invalid-syntax", "search-broken-json-is-400"],
    title: "broken JSON that is called an invalid value",
    answer: when(status(400), (answered) => withBody(answered, (body) => ({ ...body, scimType: "invalidValue" }))),
  },
  {
    checks: ["error-unknown-user-is-404", "error-unknown-group-is-404"],
    title: "a 400 for an id of another form",
    answer: when(
      ({ asked, answered }) => answered.status === 404 && asked.path.endsWith("/0"),
      () => refusal(400),
    ),
  },
  {
    checks: ["error-ids-belong-to-their-type"],
    title: "an id that is found whatever its type",
    answer: async ({ asked, answered, ask }) => {
      if (answered.status !== 404) return answered;
      const [from, to] = asked.path.startsWith("/Users/") ? ["/Users/", "/Groups/"] : ["/Groups/", "/Users/"];
      return ask({ ...asked, path: asked.path.replace(from, to) });
    },
  },
  {
    checks: ["error-unknown-endpoint-is-404"],
    title: "the web server's own page for an unknown endpoint",
    answer: when(call("DELETE", /^\/Toasters/), () => ({
      status: 404,
      headers: { "content-type": "text/html" },
      text: "<h1>Not found</h1>",
    })),
  },
  {
    checks: ["method-on-a-list-is-refused"],
    title: "a DELETE of a whole list that is granted",
    answer: when(call("DELETE", /^\/Groups$/), () => nothing),
  },
  {
    checks: ["method-on-a-resource-is-refused"],
    title: "a POST to a resource that is granted",
    answer: when(call("POST", /^\/Groups\/./), () => nothing),
  },
  {
    checks: ["method-405-names-the-others"],
    title: "a 405 without Allow",
    answer: when(status(405), (answered) => withHeader(answered, "allow", undefined)),
  },
  {
    checks: ["me-is-answered-or-501"],
    title: "a /Me that breaks",
    answer: when(call("GET", /^\/Me$/), () => refusal(500)),
  },
  {
    checks: ["me-is-not-half-there"],
    title: "a /Me that can be deleted but not read",
    answer: when(call("DELETE", /^\/Me$/), () => nothing),
  },
];
