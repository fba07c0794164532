import { arrayAt, expectMember, expectSame, expectStatus, expectThat, integerAt } from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { at, shown } from "../json.ts";
import { bulkOf, patchOf } from "../request-body.ts";
import { expectLocation, expectRefused, expectSchema, refusesMethods } from "./discovery.ts";
import { refuses, rename } from "./write-kinds.ts";

const path = "/ServiceProviderConfig";
const schemeTypes = ["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"];

const chapter: Chapter = { clause: "RFC 7643 section 5" };

/** The features that the service advertises (RFC 7643 section 5, RFC 7644 section 4, RFC 9865 section 4). */
export const serviceProviderConfigChecks = checksOf(chapter, {
  "config-is-one-resource": check("ServiceProviderConfig is one resource with its own schema, not a list.")
    .clause("RFC 7644 section 4")
    .run(
      configHas((config) => {
        expectSchema(config, "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig");
        expectMember(config, "Resources", undefined);
      }),
    )
    .faults("a configuration in a list", "a configuration of another schema"),
  "config-tells-every-feature": check("patch, bulk, filter, changePassword, sort and etag have a boolean supported.")
    .run(
      configHas((config) => {
        for (const feature of ["patch", "bulk", "filter", "changePassword", "sort", "etag"])
          expectBoolean(config, `${feature}.supported`);
      }),
    )
    .faults("a configuration without sort"),
  "config-limits-are-integers": check("The limits of bulk and filter are integers.")
    .run(
      configHas((config) => {
        for (const limit of ["bulk.maxOperations", "bulk.maxPayloadSize", "filter.maxResults"])
          expectThat(config, integerAt(config, limit) >= 0, `should hold a ${limit} that is not negative`);
      }),
    )
    .faults("a limit as a text"),
  "config-names-authentication-schemes": check("Each authentication scheme has a known type, a name and a description.")
    .run(
      configHas((config) => {
        const schemes = arrayAt(config, "authenticationSchemes");
        expectThat(config, schemes.length > 0, "should name at least one authentication scheme");
        for (const scheme of schemes) {
          const type = at(scheme, "type");
          const isKnown = typeof type === "string" && schemeTypes.includes(type);
          expectThat(config, isKnown, `should name a scheme type of ${schemeTypes.join(", ")}, not ${shown(type)}`);
          for (const name of ["name", "description"])
            expectThat(config, typeof at(scheme, name) === "string", `should give each scheme a ${name}`);
        }
      }),
    )
    .faults("an authentication scheme of a type of its own"),
  "config-has-meta": check("meta names the resource type ServiceProviderConfig and its location.")
    .clause("RFC 7643 section 3.1")
    .run(
      configHas((config) => {
        expectMember(config, "meta.resourceType", "ServiceProviderConfig");
        expectLocation(config, config.body, path);
      }),
    )
    .faults("a configuration without meta"),
  "config-pagination-is-typed": check("pagination, if present, has two booleans and a default that is supported.")
    .clause("RFC 9865 section 4")
    .run(
      configHas((config) => {
        const pagination = at(config.body, "pagination");
        if (pagination === undefined) return;
        for (const method of ["cursor", "index"]) expectBoolean(config, `pagination.${method}`);
        const standard = at(pagination, "defaultPaginationMethod");
        const isOffered = standard === undefined || (typeof standard === "string" && at(pagination, standard) === true);
        expectThat(config, isOffered, `should not have the default ${shown(standard)}, which it does not offer`);
      }),
    )
    .faults("a default way of paging that is not offered"),
  "config-filter-is-403": check("A filter on ServiceProviderConfig is 403, so that no client takes it for applied.")
    .clause("RFC 7644 section 4")
    .run(refuses([403], (target) => target.get(path, { filter: 'patch.supported eq "x"' })))
    .faults("a filter on discovery that is ignored"),
  "config-ignores-paging": check("Paging and sorting parameters on ServiceProviderConfig are ignored.")
    .clause("RFC 7644 section 4")
    .run(async (target) => {
      const whole = await target.get(path);
      const paged = await target.get(path, { startIndex: 5, count: 0, sortBy: "id" });
      expectStatus(paged, 200);
      expectSame(paged, "the same body as without parameters", paged.body, whole.body);
    })
    .faults("paging parameters on discovery that are refused"),
  "discovery-takes-get-only": check("POST, PUT, PATCH and DELETE on the discovery endpoints are refused.")
    .clause("RFC 7644 section 4")
    .run(
      refusesMethods([path, "/ResourceTypes", "/Schemas", "/ResourceTypes/User"], ["POST", "PUT", "PATCH", "DELETE"]),
    )
    .faults("a POST to discovery that is read as a GET"),
  "not-advertised-is-refused": check("Features that ServiceProviderConfig does not advertise are refused.")
    .run(async (target) => {
      const config = await target.read(path);
      const offers = (feature: string): boolean => at(config.body, `${feature}.supported`) === true;
      const user = target.person(1).path;
      if (!offers("bulk")) expectRefused(await target.post("/Bulk", bulkOf([])));
      if (!offers("patch")) expectRefused(await target.patch(user, patchOf(rename)));
      if (!offers("filter")) expectRefused(await target.get("/Users", { filter: 'userName eq "x"' }));
      if (at(config.body, "pagination.cursor") !== true)
        expectMember(await target.get("/Users", { cursor: "", count: 1 }), "nextCursor", undefined);
      if (!offers("etag")) {
        const conditional = await target.get(user, {}, { "if-none-match": "*" });
        expectThat(conditional, conditional.status !== 304, "should not answer 304 without advertising etag");
      }
    })
    .faults("a Bulk endpoint that is there without being advertised"),
});

function configHas(expectations: (config: ScimResponse) => void): Check["run"] {
  return async (target) => expectations(await target.get(path));
}

function expectBoolean(config: ScimResponse, name: string): void {
  const value = at(config.body, name);
  expectThat(config, typeof value === "boolean", `should hold a boolean ${name}, not ${shown(value)}`);
}
