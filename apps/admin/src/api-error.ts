/** A failed request. `code` null: the server was not reached or the response is not tRPC's. */
export type ApiError = {
  readonly message: string;
  readonly code: string | null;
  readonly requestId: string | null;
  /** The kind of the `RuleError` that refused the call. */
  readonly rule: string | null;
  readonly fieldErrors: Readonly<Record<string, string>>;
};

/** The proofs that the server asks for: all of `missing` to enter an organization; null: any one, as the last is too old. */
export type ProofQuestion = {
  readonly organization: string | null;
  readonly missing: readonly string[] | null;
};

const unreached = "Rollcall could not be reached. Check your connection and try again.";

/** Reads the error of a tRPC call, as the API's errorFormatter shaped it. Never throws. */
export function readApiError(error: unknown): ApiError {
  const data = property(error, "data");
  const code = text(property(data, "code"));
  const fieldErrors = Object.entries(object(property(data, "fieldErrors"))).filter(isTextEntry);
  return {
    message: code === null ? unreached : (text(property(error, "message")) ?? "Something went wrong."),
    code,
    requestId: text(property(data, "requestId")),
    rule: text(property(property(data, "rule"), "kind")),
    fieldErrors: Object.fromEntries(fieldErrors),
  };
}

/** Is the requested object missing: not found, or an invalid id? */
export function isMissing(error: unknown): boolean {
  const { code, fieldErrors } = readApiError(error);
  return code === "NOT_FOUND" || "id" in fieldErrors || "entryId" in fieldErrors;
}

const passing: ReadonlySet<string | null> = new Set([
  null,
  "INTERNAL_SERVER_ERROR",
  "TOO_MANY_REQUESTS",
  "SERVICE_UNAVAILABLE",
  "BAD_GATEWAY",
  "GATEWAY_TIMEOUT",
  "TIMEOUT",
]);

/** May the same request succeed on a retry? */
export function mayPass(error: unknown): boolean {
  return passing.has(readApiError(error).code);
}

/** The proof that the server requires before a mutation; undefined for other errors. */
export function proofQuestionOf(error: unknown): ProofQuestion | undefined {
  const rule = property(property(error, "data"), "rule");
  const kind = property(rule, "kind");
  if (kind === "proofTooOld") return { organization: null, missing: null };
  if (kind !== "entryUnproven") return undefined;
  const missing = property(rule, "missing");
  const kinds = Array.isArray(missing) ? missing.filter((one): one is string => typeof one === "string") : [];
  return { organization: text(property(rule, "organization")), missing: kinds };
}

function object(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

/** A property of a value of unknown shape; undefined if it has none. */
export function property(value: unknown, name: string): unknown {
  const found: unknown = Reflect.get(object(value), name);
  return found;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function isTextEntry(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === "string";
}
