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
import type { Call, Handler, Reply } from "../http/call.ts";
import { shortened } from "../http/scim-error.ts";

/** The discovery endpoints of RFC 7644 section 4. They ignore paging and refuse a filter with 403. */
export const serviceProviderConfigHandler: Handler = (call) => discover(call, serviceProviderConfig(call));
export const resourceTypesHandler: Handler = (call) => discover(call, resourceTypes(call));
export const resourceTypeHandler: Handler = (call) => discover(call, resourceTypeById(call.id, call));
export const schemasHandler: Handler = (call) => discover(call, schemas(call));
export const schemaHandler: Handler = (call) => discover(call, schemaById(call.id, call));

const noFilter: ScimError = { status: 403, detail: "Discovery cannot be filtered (RFC 7644 section 4)." };

async function discover(call: Call, body: object | undefined): Promise<Reply> {
  const caller = await loadCaller(call.database.sql, call.credential, call.now);
  if (call.query["filter"] !== undefined) return { caller, result: err(noFilter) };
  const unknown = { status: 404, detail: `There is no such resource: ${shortened(call.id)}.` };
  return { caller, result: body === undefined ? err(unknown) : ok({ status: 200, body }) };
}

/** What the protocol knows and this service does not offer (RFC 7644 section 3.11). */
export const notOfferedHandler: Handler = (call) =>
  Promise.resolve({
    result: err({ status: 501, detail: `${call.method} on this endpoint is not offered; see /ServiceProviderConfig.` }),
  });
