import { z } from "zod";

const bytesMax = 10 * 1024 * 1024;
const waitMs = 60_000;

const finding = z.object({
  userName: z.string(),
  member: z.object({ id: z.string(), name: z.string(), isManaged: z.boolean() }).nullable(),
  status: z.string().nullable(),
  differences: z.array(z.object({ field: z.string(), there: z.string(), here: z.string().nullable() })),
});
export type Finding = z.infer<typeof finding>;

const kinds = ["onlyInFile", "onlyInRollcall", "activeInFile", "activeInRollcall", "differs"] as const;
export type FindingKind = (typeof kinds)[number];

const compared = z.object({
  kind: z.literal("compared"),
  columns: z.array(z.string()),
  column: z.string(),
  hasStatus: z.boolean(),
  people: z.number(),
  members: z.number(),
  same: z.number(),
  repeated: z.number(),
  skipped: z.number(),
  found: z.array(z.object({ kind: z.enum(kinds), total: z.number(), findings: z.array(finding) })),
});
export type Comparison = z.infer<typeof compared>;

const answer = z.discriminatedUnion("kind", [
  compared,
  z.object({ kind: z.literal("columnUnclear"), columns: z.array(z.string()) }),
]);
const refusal = z.object({ error: z.string(), requestId: z.string().optional() });

/** A refused upload in the shape of a tRPC error, so that `readApiError` reads it. */
class UploadError extends Error {
  readonly data: { readonly code: string; readonly requestId: string | undefined };

  constructor(message: string, code: string, requestId?: string) {
    super(message);
    this.data = { code, requestId };
  }
}

export type Upload = { readonly file: File; readonly column?: string };

/** Uploads the file and returns the differences. `column`: the column with the user names. */
export async function compareFile({ file, column }: Upload): Promise<z.infer<typeof answer>> {
  if (file.size > bytesMax) throw new UploadError("The file is larger than 10 MB.", "TOO_LARGE");
  const query = column === undefined ? "" : `?${new URLSearchParams({ column }).toString()}`;
  const response = await fetch(`/compare/directory${query}`, {
    method: "POST",
    headers: { "content-type": "text/csv", "x-rollcall-client": "1" },
    body: file,
    signal: AbortSignal.timeout(waitMs),
  });
  const body: unknown = await response.json();
  if (response.ok) return answer.parse(body);
  const { error, requestId } = refusal.parse(body);
  // The query client handles this code as an ended session.
  throw new UploadError(error, response.status === 401 ? "UNAUTHORIZED" : "REFUSED", requestId);
}
