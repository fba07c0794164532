import { isObject, without, withBody, type Answered, type Breakage, type JsonObject } from "../breakage.ts";
import { accepting, answering, isCall, operationsOf, refusing, sending, showing } from "../broken-write.ts";

const bulk = /^\/Bulk$/;
const config = /^\/ServiceProviderConfig$/;

/** What each result of a bulk request says. */
function telling(change: (result: JsonObject) => JsonObject): Pick<Breakage, "answer"> {
  return answering("POST", bulk, (answered) => withResults(answered, (results) => results.map(change)));
}

function withResults(answered: Answered, change: (results: readonly JsonObject[]) => readonly JsonObject[]): Answered {
  return withBody(answered, (body) => {
    const results = body["Operations"];
    return Array.isArray(results) ? { ...body, Operations: change(results.filter(isObject)) } : body;
  });
}

/** What each operation of a bulk request asks for. */
function asking(change: (operation: JsonObject, index: number) => JsonObject): Pick<Breakage, "request"> {
  return sending("POST", bulk, (body) => ({ ...body, Operations: operationsOf(body).map(change) }));
}

/** Other limits in ServiceProviderConfig than the ones that hold. */
function advertising(change: (limits: JsonObject) => JsonObject): Pick<Breakage, "answer"> {
  return showing("GET", config, (shown) => ({
    ...shown,
    bulk: change(isObject(shown["bulk"]) ? shown["bulk"] : {}),
  }));
}

const done = [
  ["bulk-is-a-bulk-response", "bulk-post", "bulk-put", "bulk-patch", "bulk-delete", "bulk-goes-on-after-an-error"],
  ["bulk-stops-at-fail-on-errors", "bulk-fail-on-errors-not-reached", "bulk-tells-errors", "bulk-location-of-failed"],
  ["bulk-same-resource-in-order", "bulk-refers-to-what-it-makes", "bulk-refers-forward", "bulk-refers-in-patch"],
  ["bulk-takes-as-many-operations", "bulk-takes-as-many-bytes"],
].flat();
const refused = ["bulk-unknown-method", "bulk-without-path", "bulk-post-without-data", "bulk-post-without-bulk-id"];

/** Results that tell something else than what was done. */
const results: readonly Breakage[] = [
  { checks: done, title: "a 404 for bulk", ...refusing("POST", bulk) },
  {
    checks: ["bulk-is-a-bulk-response"],
    title: "a bulk answer with the schema of a list",
    ...answering("POST", bulk, (answered) => withBody(answered, (body) => ({ ...body, schemas: ["urn:list"] }))),
  },
  {
    checks: ["bulk-is-a-bulk-response", "bulk-goes-on-after-an-error", "bulk-takes-as-many-operations"],
    title: "a bulk answer without its last result",
    ...answering("POST", bulk, (answered) => withResults(answered, (list) => list.slice(0, -1))),
  },
  {
    checks: ["bulk-post", "bulk-put", "bulk-patch", "bulk-delete", "bulk-tells-errors"],
    title: "statuses that are numbers",
    ...telling((result) => ({ ...result, status: Number(result["status"]) })),
  },
  {
    checks: ["bulk-post", "bulk-put", "bulk-patch", "bulk-delete", "bulk-location-of-failed"],
    title: "results without a location",
    ...telling((result) => without(result, "location")),
  },
  {
    checks: ["bulk-post", "bulk-tells-errors", "bulk-refers-to-what-it-makes"],
    title: "results without a bulkId",
    ...telling((result) => without(result, "bulkId")),
  },
  {
    checks: ["bulk-tells-errors"],
    title: "errors without a reason",
    ...telling((result) => without(result, "response")),
  },
  {
    checks: ["bulk-tells-errors"],
    title: "a location of what was not made",
    ...telling((result) => ({ location: "https://scim.example/Users/1", ...result })),
  },
  { checks: refused, title: "a 200 for whatever is asked", ...telling((result) => ({ ...result, status: "200" })) },
];

/** Operations that are done in another way than they were sent. */
const effects: readonly Breakage[] = [
  {
    checks: ["bulk-same-resource-in-order"],
    title: "operations that are done from the last to the first",
    ...sending("POST", bulk, (body) => ({ ...body, Operations: operationsOf(body).toReversed() })),
  },
  {
    checks: ["bulk-goes-on-after-an-error", "bulk-fail-on-errors-not-reached"],
    title: "a bulk request that ends at its first error",
    ...sending("POST", bulk, (body) => ({ ...body, failOnErrors: 1 })),
  },
  {
    checks: ["bulk-stops-at-fail-on-errors"],
    title: "a service that does not look at failOnErrors",
    ...sending("POST", bulk, (body) => without(body, "failOnErrors")),
  },
  {
    checks: ["bulk-version"],
    title: "a service that does not look at the version of an operation",
    ...asking((operation) => without(operation, "version")),
  },
  {
    checks: [
      ["bulk-refers-to-what-it-makes", "bulk-refers-forward", "bulk-refers-in-patch", "bulk-refers-to-nothing"],
      ["bulk-refers-to-what-failed"],
    ].flat(),
    title: "references that are dropped",
    request: (asked) =>
      isCall(asked, "POST", bulk) ? { ...asked, text: asked.text.replaceAll('{"value":"bulkId:u1"}', "") } : asked,
  },
  {
    checks: ["bulk-refers-forward"],
    title: "references that are read only after what they refer to",
    ...refusing("POST", bulk, (body) => JSON.stringify(operationsOf(body)[0] ?? {}).includes("bulkId:")),
  },
  {
    checks: ["bulk-id-twice", "bulk-post-without-bulk-id"],
    title: "bulkIds that need not be there or be unique",
    ...asking((operation, index) => ({ ...operation, bulkId: `own-${index}` })),
  },
];

/** Limits that are not those which hold, and bodies that are taken for a bulk request. */
const limits: readonly Breakage[] = [
  { checks: ["bulk-advertises-limits"], title: "no limits", ...advertising(() => ({ supported: true })) },
  {
    checks: ["bulk-advertises-limits"],
    title: "limits of nothing",
    ...advertising((shown) => ({ ...shown, maxOperations: 0, maxPayloadSize: 0 })),
  },
  {
    checks: ["bulk-takes-as-many-operations", "bulk-takes-as-many-bytes"],
    title: "limits above those that hold",
    ...advertising(({ maxOperations, maxPayloadSize, ...shown }) => ({
      ...shown,
      maxOperations: Number(maxOperations) + 1,
      maxPayloadSize: Number(maxPayloadSize) + 1,
    })),
  },
  {
    checks: ["bulk-too-many-operations", "bulk-too-large"],
    title: "limits below those that hold",
    ...advertising(({ maxOperations, maxPayloadSize, ...shown }) => ({
      ...shown,
      maxOperations: Number(maxOperations) - 1,
      maxPayloadSize: Number(maxPayloadSize) - 1,
    })),
  },
  {
    checks: ["bulk-too-many-operations", "bulk-too-large"],
    title: "a 400 for what is too much",
    ...answering("POST", bulk, (answered) => (answered.status === 413 ? { ...answered, status: 400 } : answered)),
  },
  {
    checks: ["bulk-with-its-schema", "bulk-broken-json", "bulk-without-operations"],
    title: "a 200 for what is no bulk request",
    ...accepting("POST", bulk),
  },
  {
    checks: ["bulk-with-its-schema"],
    title: "a bulk that does not look at its schemas",
    ...sending("POST", bulk, (body) => without(body, "schemas")),
  },
];

export const bulkBreakages: readonly Breakage[] = [...results, ...effects, ...limits];
