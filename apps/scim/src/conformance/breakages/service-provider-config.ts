import { withBody, without, type Breakage } from "../breakage.ts";
import { eachObject, refusal, withInner } from "../broken-answer.ts";
import { withoutParameter } from "../broken-query.ts";
import { call, when } from "../exchange-match.ts";

const config = call("GET", /^\/ServiceProviderConfig$/);

export const serviceProviderConfigBreakages: readonly Breakage[] = [
  {
    checks: ["config-is-one-resource"],
    title: "a configuration in a list",
    answer: when(config, (answered) => withBody(answered, (body) => ({ ...body, Resources: [body] }))),
  },
  {
    checks: ["config-is-one-resource"],
    title: "a configuration of another schema",
    answer: when(config, (answered) => withBody(answered, (body) => ({ ...body, schemas: ["urn:none"] }))),
  },
  {
    checks: ["config-tells-every-feature"],
    title: "a configuration that is silent on sorting",
    answer: when(config, (answered) => withBody(answered, (body) => without(body, "sort"))),
  },
  {
    checks: ["config-limits-are-integers"],
    title: "a limit as a text",
    answer: when(config, (answered) => withBody(answered, (body) => withInner(body, "filter", "maxResults", "100"))),
  },
  {
    checks: ["config-names-authentication-schemes"],
    title: "an authentication scheme of a type of its own",
    answer: when(config, (answered) =>
      withBody(answered, (body) => ({
        ...body,
        authenticationSchemes: eachObject(body["authenticationSchemes"], (scheme) => ({ ...scheme, type: "token" })),
      })),
    ),
  },
  {
    checks: ["config-has-meta"],
    title: "a configuration without meta",
    answer: when(config, (answered) => withBody(answered, (body) => without(body, "meta"))),
  },
  {
    checks: ["config-pagination-is-typed"],
    title: "a default way of paging that is not offered",
    answer: when(config, (answered) =>
      withBody(answered, (body) => ({
        ...body,
        pagination: { cursor: false, index: true, defaultPaginationMethod: "cursor" },
      })),
    ),
  },
  {
    checks: ["config-filter-is-403", "resource-types-filter-is-403", "schemas-filter-is-403"],
    title: "a filter on discovery that is ignored",
    request: withoutParameter("filter"),
  },
  {
    checks: ["config-ignores-paging"],
    title: "paging parameters on discovery that are refused",
    answer: when(
      ({ asked }) => asked.query.has("startIndex"),
      () => refusal(400, "invalidValue"),
    ),
  },
  {
    checks: ["discovery-takes-get-only"],
    title: "a POST to discovery that is read as a GET",
    request: (asked) => (asked.method === "POST" ? { ...asked, method: "GET", text: "" } : asked),
  },
  {
    checks: ["not-advertised-is-refused"],
    title: "a Bulk endpoint that is there without being advertised",
    answer: ({ asked, answered }) => {
      if (asked.path === "/Bulk") return { ...refusal(200), text: '{"Operations":[]}' };
      return withBody(answered, (body) => ("bulk" in body ? withInner(body, "bulk", "supported", false) : body));
    },
  },
];
