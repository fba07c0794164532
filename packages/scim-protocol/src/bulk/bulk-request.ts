import { type BulkOperation, parseBulkOperation } from "./bulk-operation.ts";
import { orderByNeeds } from "./circular-references.ts";
import { badRequest, type ErrorBody, quote, type ScimError } from "../error.ts";
import { isJsonObject, memberOfAnyCase } from "../json-object.ts";
import { isWithSchema } from "../schema/parse-resource.ts";
import type { QuirkId } from "../quirks/provider-quirks.ts";
import { normalizeBody } from "../quirks/request-normalization.ts";
import { err, ok, type Result } from "../result.ts";
import { BULK_REQUEST, BULK_RESPONSE } from "../schema/schema-uris.ts";

/** The most operations in one bulk request, and the most bytes of its body (RFC 7644 section 3.7.4). */
export const bulkOperationsMax = 1000;
export const bulkPayloadSizeMax = 1_048_576;

/**
 * A bulk request. `order` are the indexes of `operations` in processing order: as sent, except that a creation comes
 * before an operation that refers to it. `failOnErrors` is infinite if the client sets no bound.
 */
export type BulkRequest = {
  readonly failOnErrors: number;
  readonly operations: readonly BulkOperation[];
  readonly order: readonly number[];
};

/**
 * Reads the body of POST /Bulk (RFC 7644 section 3.7). An error of one operation is that operation's `work`, including
 * a repeated bulkId, a reference to a bulkId without a POST (400) and circular references (409, section 3.7.1). Known
 * deviations are added to `quirks`. Errors of the whole: 400 invalidSyntax, 400 invalidValue (failOnErrors), 413 (too
 * many operations).
 */
export function parseBulkRequest(sentBody: unknown, quirks: Set<QuirkId> = new Set()): Result<BulkRequest, ScimError> {
  if (!isJsonObject(sentBody)) return err(badRequest("invalidSyntax", "The body must be a JSON object."));
  const body = normalizeBody(sentBody, BULK_REQUEST, quirks);
  if (!isWithSchema(memberOfAnyCase(body, "schemas"), BULK_REQUEST)) {
    return err(badRequest("invalidSyntax", `"schemas" must be an array that holds ${BULK_REQUEST}.`));
  }
  const failOnErrors = memberOfAnyCase(body, "failOnErrors") ?? 0;
  if (typeof failOnErrors !== "number" || failOnErrors < 0 || failOnErrors % 1 > 0) {
    return err(badRequest("invalidValue", '"failOnErrors" must be an integer of 0 or more; 0 sets no limit.'));
  }
  const sent = memberOfAnyCase(body, "Operations");
  if (!Array.isArray(sent) || sent.length === 0) {
    return err(badRequest("invalidSyntax", '"Operations" must be an array of one operation or more.'));
  }
  if (sent.length > bulkOperationsMax) {
    const detail = `The bulk operation has ${sent.length} operations, which exceeds maxOperations (${bulkOperationsMax}).`;
    return err({ status: 413, detail });
  }
  return ok({
    failOnErrors: failOnErrors || Number.POSITIVE_INFINITY,
    ...inOrder(withUniqueBulkIds(sent.map(parseBulkOperation))),
  });
}

function withUniqueBulkIds(operations: readonly BulkOperation[]): readonly BulkOperation[] {
  const counts = new Map<string, number>();
  for (const { bulkId } of operations) if (bulkId !== undefined) counts.set(bulkId, (counts.get(bulkId) ?? 0) + 1);
  return operations.map((operation) => {
    const { bulkId } = operation;
    if (bulkId === undefined || counts.get(bulkId) === 1) return operation;
    return refused(operation, badRequest("invalidValue", `Several operations have the bulkId ${quote(bulkId)}.`));
  });
}

function inOrder(operations: readonly BulkOperation[]): Pick<BulkRequest, "operations" | "order"> {
  const creations = new Map<string, number>();
  for (const [index, { method, bulkId }] of operations.entries()) {
    if (method === "POST" && bulkId !== undefined) creations.set(bulkId, index);
  }
  const known = operations.map((operation) => {
    const bulkId = referencesOf(operation).find((candidate) => !creations.has(candidate));
    if (bulkId === undefined) return operation;
    const detail = `It refers to the bulkId ${quote(bulkId)}, but no POST of this request has it.`;
    return refused(operation, badRequest("invalidValue", detail));
  });
  const needs = known.map((operation) => referencesOf(operation).flatMap((bulkId) => creations.get(bulkId) ?? []));
  const { order, circular } = orderByNeeds(needs);
  return {
    operations: known.map((operation, index) => (circular.has(index) ? inCircle(operation) : operation)),
    order,
  };
}

function inCircle(operation: BulkOperation): BulkOperation {
  const name = quote(operation.bulkId ?? "");
  const detail = `The operation with the bulkId ${name} is part of a circular reference.`;
  return refused(operation, { status: 409, detail });
}

function referencesOf({ work }: BulkOperation): readonly string[] {
  return work.ok ? [...work.value.references] : [];
}

function refused(operation: BulkOperation, error: ScimError): BulkOperation {
  return { ...operation, work: err(error) };
}

/** The result of one operation (section 3.7.3). `status` is a string on the wire. */
export type BulkResult = {
  readonly method?: string;
  readonly bulkId?: string;
  readonly version?: string;
  readonly location?: string;
  readonly status: string;
  readonly response?: ErrorBody;
};

/** The response to POST /Bulk. */
export type BulkResponse = {
  readonly schemas: readonly [typeof BULK_RESPONSE];
  readonly Operations: readonly BulkResult[];
};

/** Wraps the results of all processed operations. */
export function bulkResponse(results: readonly BulkResult[]): BulkResponse {
  return { schemas: [BULK_RESPONSE], Operations: results };
}
