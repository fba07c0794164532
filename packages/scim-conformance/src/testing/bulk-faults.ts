import { isObject, type JsonObject } from "../json.ts";
import { requestOf, changingBody, isRequest, without, type Fault, type Faults } from "./fault.ts";
import { accepting, operationsOf, refusing, sending, showing, statusInstead } from "./fault-kinds.ts";

const bulk = /^\/Bulk$/;
const config = /^\/ServiceProviderConfig$/;

/** Changes the results in the response to a bulk request. */
function changingResults(change: (results: readonly JsonObject[]) => readonly JsonObject[]): Fault {
  return changingBody(requestOf("POST", bulk), (body) => ({ ...body, Operations: change(operationsOf(body)) }));
}

function changingEachResult(change: (result: JsonObject) => JsonObject): Fault {
  return changingResults((results) => results.map(change));
}

function changingEachOperation(change: (operation: JsonObject, index: number) => JsonObject): Fault {
  return sending("POST", bulk, (body) => ({ ...body, Operations: operationsOf(body).map(change) }));
}

/** Advertises other limits in ServiceProviderConfig than the ones that hold. */
function advertising(change: (limits: JsonObject) => JsonObject): Fault {
  return showing("GET", config, (shown) => ({
    ...shown,
    bulk: change(isObject(shown["bulk"]) ? shown["bulk"] : {}),
  }));
}

function raised({ maxOperations, maxPayloadSize, ...limits }: JsonObject, by: number): JsonObject {
  return { ...limits, maxOperations: Number(maxOperations) + by, maxPayloadSize: Number(maxPayloadSize) + by };
}

export const bulkFaults = {
  // Results that tell something else than what was done.
  "a 404 for bulk": refusing("POST", bulk),
  "a bulk response with the schema of a list": changingBody(requestOf("POST", bulk), (body) => ({
    ...body,
    schemas: ["urn:list"],
  })),
  "a bulk response without its last result": changingResults((results) => results.slice(0, -1)),
  "statuses that are numbers": changingEachResult((result) => ({ ...result, status: Number(result["status"]) })),
  "results without a location": changingEachResult((result) => without(result, "location")),
  "results without a bulkId": changingEachResult((result) => without(result, "bulkId")),
  "errors without a reason": changingEachResult((result) => without(result, "response")),
  "a location of a resource that was not created": changingEachResult((result) => ({
    location: "https://scim.example/Users/1",
    ...result,
  })),
  "a 200 for whatever is asked": changingEachResult((result) => ({ ...result, status: "200" })),
  // Operations that are done in another way than they were sent.
  "bulk operations that are done from the last to the first": sending("POST", bulk, (body) => ({
    ...body,
    Operations: operationsOf(body).toReversed(),
  })),
  "a bulk request that ends at its first error": sending("POST", bulk, (body) => ({ ...body, failOnErrors: 1 })),
  "a service that ignores failOnErrors": sending("POST", bulk, (body) => without(body, "failOnErrors")),
  "a service that ignores the version of an operation": changingEachOperation((operation) =>
    without(operation, "version"),
  ),
  "references that are dropped": {
    request: (request) =>
      isRequest(request, "POST", bulk)
        ? { ...request, text: request.text.replaceAll('{"value":"bulkId:u1"}', "") }
        : request,
  },
  "references that are read only after what they refer to": refusing("POST", bulk, (body) =>
    JSON.stringify(operationsOf(body)[0] ?? {}).includes("bulkId:"),
  ),
  "bulkIds that need not be there or be unique": changingEachOperation((operation, index) => ({
    ...operation,
    bulkId: `own-${index}`,
  })),
  // Limits that are not those which hold, and bodies that are taken for a bulk request.
  "no limits": advertising(() => ({ supported: true })),
  "limits of nothing": advertising((shown) => ({ ...shown, maxOperations: 0, maxPayloadSize: 0 })),
  "limits above those that hold": advertising((limits) => raised(limits, 1)),
  "limits below those that hold": advertising((limits) => raised(limits, -1)),
  "a 400 for a request above a limit": statusInstead("POST", bulk, 413, 400),
  "a 200 for an invalid bulk request": accepting("POST", bulk),
  "a bulk request whose schemas are ignored": sending("POST", bulk, (body) => without(body, "schemas")),
} satisfies Faults;
