import { arrayAt, expectError, expectMember, expectSame, expectStatus, expectThat, integerAt } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import { at, isSame, shown } from "../json.ts";
import { expectLocation, expectRefused, expectSchema } from "./discovery.ts";

const path = "/ServiceProviderConfig";
const schemeTypes = ["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"];

const chapter: Chapter = { clause: "RFC 7643 section 5" };

/** What the service says of itself (RFC 7643 section 5, RFC 7644 section 4, RFC 9865 section 4). */
export const serviceProviderConfigChecks = checksOf(chapter, {
  "config-is-one-resource": {
    clause: "RFC 7644 section 4",
    title: "ServiceProviderConfig is one resource with its own schema, not a list.",
    run: async (target) => {
      const response = await target.get(path);
      expectSchema(response, "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig");
      expectMember(response, "Resources", undefined);
    },
    faults: ["a configuration in a list", "a configuration of another schema"],
  },
  "config-tells-every-feature": {
    title: "patch, bulk, filter, changePassword, sort and etag each say whether they are supported.",
    run: async (target) => {
      const response = await target.get(path);
      for (const feature of ["patch", "bulk", "filter", "changePassword", "sort", "etag"]) {
        const told = at(response.body, `${feature}.supported`);
        expectThat(
          response,
          typeof told === "boolean",
          `should hold a boolean ${feature}.supported, not ${shown(told)}`,
        );
      }
    },
    faults: ["a configuration that is silent on sorting"],
  },
  "config-limits-are-integers": {
    title: "The limits of bulk and filter are integers.",
    run: async (target) => {
      const response = await target.get(path);
      for (const limit of ["bulk.maxOperations", "bulk.maxPayloadSize", "filter.maxResults"])
        expectThat(response, integerAt(response, limit) >= 0, `should hold a ${limit} that is not negative`);
    },
    faults: ["a limit as a text"],
  },
  "config-names-authentication-schemes": {
    title: "Each authentication scheme has a known type, a name and a description.",
    run: async (target) => {
      const response = await target.get(path);
      const schemes = arrayAt(response, "authenticationSchemes");
      expectThat(response, schemes.length > 0, "should name at least one authentication scheme");
      for (const scheme of schemes) {
        const type = at(scheme, "type");
        const isKnown = typeof type === "string" && schemeTypes.includes(type);
        expectThat(response, isKnown, `should name a scheme type of ${schemeTypes.join(", ")}, not ${shown(type)}`);
        for (const name of ["name", "description"])
          expectThat(response, typeof at(scheme, name) === "string", `should give each scheme a ${name}`);
      }
    },
    faults: ["an authentication scheme of a type of its own"],
  },
  "config-has-meta": {
    clause: "RFC 7643 section 3.1",
    title: "meta names the resource type ServiceProviderConfig and its location.",
    run: async (target) => {
      const response = await target.get(path);
      expectMember(response, "meta.resourceType", "ServiceProviderConfig");
      expectLocation(response, response.body, path);
    },
    faults: ["a configuration without meta"],
  },
  "config-pagination-is-typed": {
    clause: "RFC 9865 section 4",
    title: "Where paging is described, both methods are booleans and the default is one that is offered.",
    run: async (target) => {
      const response = await target.get(path);
      const pagination = at(response.body, "pagination");
      if (pagination === undefined) return;
      for (const method of ["cursor", "index"])
        expectThat(response, typeof at(pagination, method) === "boolean", `should hold a boolean pagination.${method}`);
      const standard = at(pagination, "defaultPaginationMethod");
      const isOffered = standard === undefined || (typeof standard === "string" && at(pagination, standard) === true);
      expectThat(response, isOffered, `should not have the default ${shown(standard)}, which it does not offer`);
    },
    faults: ["a default way of paging that is not offered"],
  },
  "config-filter-is-403": {
    clause: "RFC 7644 section 4",
    title: "A filter on ServiceProviderConfig is 403, so that nobody believes it was applied.",
    run: async (target) => expectError(await target.get(path, { filter: 'patch.supported eq "x"' }), 403),
    faults: ["a filter on discovery that is ignored"],
  },
  "config-ignores-paging": {
    clause: "RFC 7644 section 4",
    title: "Paging and sorting parameters on ServiceProviderConfig are ignored.",
    run: async (target) => {
      const whole = await target.get(path);
      const paged = await target.get(path, { startIndex: 5, count: 0, sortBy: "id" });
      expectStatus(paged, 200);
      expectSame(paged, "the same body as without parameters", paged.body, whole.body);
    },
    faults: ["paging parameters on discovery that are refused"],
  },
  "discovery-takes-get-only": {
    clause: "RFC 7644 section 4",
    title: "POST, PUT, PATCH and DELETE on the discovery endpoints are refused.",
    run: async (target) => {
      for (const endpoint of [path, "/ResourceTypes", "/Schemas", "/ResourceTypes/User"])
        for (const method of ["POST", "PUT", "PATCH", "DELETE"] as const)
          expectRefused(await target.send({ method, path: endpoint, ...(method === "DELETE" ? {} : { body: {} }) }));
    },
    faults: ["a POST to discovery that is read as a GET"],
  },
  "not-advertised-is-refused": {
    title: "What ServiceProviderConfig does not advertise is refused whole rather than half there.",
    run: async (target) => {
      const config = await target.get(path);
      expectStatus(config, 200);
      const offers = (feature: string): boolean => at(config.body, `${feature}.supported`) === true;
      const user = `/Users/${target.cast.person(1).id}`;
      if (!offers("bulk")) {
        const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
        expectRefused(await target.post("/Bulk", { schemas, Operations: [] }));
      }
      if (!offers("patch")) {
        const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
        const operation = { op: "replace", path: "displayName", value: "Half there" };
        expectRefused(await target.patch(user, { schemas, Operations: [operation] }));
      }
      if (!offers("filter")) expectRefused(await target.get("/Users", { filter: 'userName eq "x"' }));
      if (at(config.body, "pagination.cursor") !== true) {
        const response = await target.get("/Users", { cursor: "", count: 1 });
        expectMember(response, "nextCursor", undefined);
      }
      if (!offers("etag")) {
        const conditional = await target.get(user, {}, { "if-none-match": "*" });
        expectThat(conditional, !isSame(conditional.status, 304), "should not answer 304 without advertising etag");
      }
    },
    faults: ["a Bulk endpoint that is there without being advertised"],
  },
});
