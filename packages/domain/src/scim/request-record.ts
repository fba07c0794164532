import { isJsonObject } from "@rollcall/scim-protocol";
import { redactBody } from "./body-redaction.ts";
import {
  bulkShape,
  errorShape,
  listShape,
  type ObjectShape,
  patchShape,
  resourceShape,
  searchShape,
} from "./body-shape.ts";
import { type RequestOperation, requestOperation } from "./request-operation.ts";
import { namedPeople } from "./named-people.ts";

/** A request and its response, bodies parsed; `undefined` if there was none or it was not readable. */
export type ScimExchange = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly request: unknown;
  readonly answer: unknown;
  /** False: the bodies say whom the request concerns, but are not kept. */
  readonly keepsBodies: boolean;
};

/**
 * What is kept of a request besides its first line: bodies as redacted JSON, the person it concerns, and the names in
 * it that were refused (`namedPeople`).
 */
export type RequestRecord = {
  readonly names: readonly string[] | null;
  readonly requestBody: string | null;
  readonly answerBody: string | null;
  readonly memberId: string | null;
};

/** Redacts a request for the log. Responses to discovery are not kept, as they are the same for everyone. */
export function requestRecord(exchange: ScimExchange): RequestRecord {
  const { status, keepsBodies } = exchange;
  const { request, answer } = keepsBodies ? exchange : { request: undefined, answer: undefined };
  const operation = requestOperation(exchange.path);
  const { resource } = operation;
  const isConstant = resource === "Discovery" && status < 400;
  const hasNames = resource === "Bulk" || (resource === "Users" && status >= 400);
  return {
    requestBody: request === undefined ? null : redactBody(request, requestShape(exchange, operation)),
    answerBody: answer === undefined || isConstant ? null : redactBody(answer, answerShape(exchange, operation)),
    memberId: personOf(exchange, operation),
    names: hasNames ? namedPeople(exchange, resource === "Bulk") : null,
  };
}

function requestShape({ method }: ScimExchange, { resource, isSearch }: RequestOperation): ObjectShape {
  if (resource === "Bulk") return bulkShape;
  if (isSearch) return searchShape;
  return method === "PATCH" ? patchShape : resourceShape;
}

function answerShape({ status, answer }: ScimExchange, { resource }: RequestOperation): ObjectShape {
  if (status >= 400) return errorShape;
  if (resource === "Bulk") return bulkShape;
  return isJsonObject(answer) && "Resources" in answer ? listShape : resourceShape;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The id in the path, else of the added person, else of the only result. */
function personOf({ status, answer }: ScimExchange, { resource, id }: RequestOperation): string | null {
  if (resource !== "Users") return null;
  if (id !== "") return idFrom(id);
  if (status >= 400 || !isJsonObject(answer)) return null;
  const found = answer["Resources"];
  if (!Array.isArray(found)) return idFrom(answer["id"]);
  const only: unknown = found.length === 1 && answer["totalResults"] === 1 ? found[0] : undefined;
  return isJsonObject(only) ? idFrom(only["id"]) : null;
}

function idFrom(value: unknown): string | null {
  return typeof value === "string" && uuid.test(value) ? value.toLowerCase() : null;
}
