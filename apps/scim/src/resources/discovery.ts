import { loadCaller } from "@rollcall/db";
import {
  err,
  ok,
  resourceTypeById,
  resourceTypes,
  schemaById,
  schemas,
  serviceProviderConfig,
  type ScimError,
} from "@rollcall/scim-protocol";
import type { ScimRequest, Handler, HandlerResult } from "../http/handler.ts";
import { shortened } from "../http/scim-error.ts";

/** The discovery endpoints of RFC 7644 section 4. They ignore paging and refuse a filter with 403. */
export const serviceProviderConfigHandler: Handler = (request) => discover(request, serviceProviderConfig(request));
export const resourceTypesHandler: Handler = (request) => discover(request, resourceTypes(request));
export const resourceTypeHandler: Handler = (request) => discover(request, resourceTypeById(request.id, request));
export const schemasHandler: Handler = (request) => discover(request, schemas(request));
export const schemaHandler: Handler = (request) => discover(request, schemaById(request.id, request));

const noFilter: ScimError = { status: 403, detail: "Discovery cannot be filtered (RFC 7644 section 4)." };

async function discover(request: ScimRequest, body: object | undefined): Promise<HandlerResult> {
  const caller = await loadCaller(request.database.sql, request.credential, request.now);
  if (request.query["filter"] !== undefined) return { caller, result: err(noFilter) };
  const unknown = { status: 404, detail: `There is no such resource: ${shortened(request.id)}.` };
  return { caller, result: body === undefined ? err(unknown) : ok({ status: 200, body }) };
}

/** The endpoint /Me of the protocol, which this service does not offer (RFC 7644 section 3.11). */
export const notOfferedHandler: Handler = (request) =>
  Promise.resolve({
    result: err({
      status: 501,
      detail: `${request.method} on this endpoint is not offered; see /ServiceProviderConfig.`,
    }),
  });
