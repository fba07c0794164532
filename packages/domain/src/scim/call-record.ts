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
import { operationOf } from "./call-operation.ts";
import { namedPeople } from "./named-people.ts";

/** A call as it went over the wire, bodies parsed; `undefined` where there was none or it was not readable. */
export type AnsweredCall = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly request: unknown;
  readonly answer: unknown;
};

/**
 * What is kept of a call beside its first line: bodies as redacted JSON, the one person that it was about, and whom it
 * named in vain (`namedPeople`).
 */
export type CallRecord = {
  readonly names: readonly string[] | null;
  readonly requestBody: string | null;
  readonly answerBody: string | null;
  readonly memberId: string | null;
};

/** Says what of a call may be kept. Without the answers to discovery: those are the same for everybody. */
export function recordOf(call: AnsweredCall): CallRecord {
  const { resource } = operationOf(call.path);
  const isConstant = resource === "Discovery" && call.status < 400;
  return {
    requestBody: call.request === undefined ? null : redactBody(call.request, requestShape(call)),
    answerBody: call.answer === undefined || isConstant ? null : redactBody(call.answer, answerShape(call)),
    memberId: personOf(call),
    names: isRefusal(call) ? namedPeople(call, resource === "Bulk") : null,
  };
}

function isRefusal({ path, status }: AnsweredCall): boolean {
  const { resource } = operationOf(path);
  return resource === "Bulk" || (resource === "Users" && status >= 400);
}

function requestShape({ method, path }: AnsweredCall): ObjectShape {
  const { resource, isSearch } = operationOf(path);
  if (resource === "Bulk") return bulkShape;
  if (isSearch) return searchShape;
  return method === "PATCH" ? patchShape : resourceShape;
}

function answerShape({ path, status, answer }: AnsweredCall): ObjectShape {
  if (status >= 400) return errorShape;
  if (operationOf(path).resource === "Bulk") return bulkShape;
  return isJsonObject(answer) && "Resources" in answer ? listShape : resourceShape;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The id in the path; else of who was added; else of the one who was found. */
function personOf({ path, status, answer }: AnsweredCall): string | null {
  const { resource, id } = operationOf(path);
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
