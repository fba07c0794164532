import { listActivity, listScimRequests, type Database } from "@rollcall/db";
import { describeChange, wordsOfCall } from "@rollcall/domain";
import type { z } from "zod";
import { activityQuery } from "../activity.ts";
import { requestsQuery, requestsQueryOf } from "../requests.ts";
import { membersExport } from "./members-export.ts";

/** One row as JSON has it; in CSV each value is one cell. */
export type ExportRow = Readonly<Record<string, unknown>>;
type Search = Readonly<Record<string, unknown>>;
type Batch = { readonly rows: readonly ExportRow[]; readonly next: string | undefined };

/** A list that can be carried away: its columns in order, and its rows batch by batch. */
export type ExportList = {
  readonly columns: readonly string[];
  /** Reads the filters of the screen's own address. Undefined: they cannot be read. */
  open(search: Search): ((database: Database, organizationId: string, cursor?: string) => Promise<Batch>) | undefined;
};

const batchSize = 500;

const activity: ExportList = {
  columns: [
    "id",
    "at",
    "what",
    "kind",
    "refusal",
    "actorKind",
    "actorName",
    "subjectKind",
    "subjectId",
    "subjectName",
    "before",
    "after",
    "requestId",
  ],
  open: (search) =>
    opened(activityQuery, search, (query) => async (database, organizationId, cursor) => {
      const page = await listActivity(database.sql, organizationId, { ...query, cursor, limit: batchSize });
      const rows = page.entries.map((entry) => ({
        ...entry,
        what: describeChange(entry),
        actorKind: entry.actor.kind,
        actorName: entry.actor.name,
        subjectKind: entry.subject.kind,
        subjectId: entry.subject.id,
        subjectName: entry.subject.name,
      }));
      return { rows, next: page.nextCursor ?? undefined };
    }),
};

const requests: ExportList = {
  columns: [
    "id",
    "at",
    "what",
    "method",
    "path",
    "status",
    "scimType",
    "detail",
    "refusal",
    "durationMs",
    "tokenId",
    "tokenName",
    "memberId",
    "client",
    "ip",
    "quirks",
    "requestId",
  ],
  open: (search) =>
    opened(requestsQuery, search, (filters) => async (database, organizationId, cursor) => {
      const query = { ...requestsQueryOf(filters), cursor, limit: batchSize };
      const page = await listScimRequests(database.sql, organizationId, query);
      const rows = page.requests.map((call) => ({ ...call, what: wordsOfCall(call.method, call.path) }));
      return { rows, next: page.nextCursor ?? undefined };
    }),
};

export const exportLists: ReadonlyMap<string, ExportList> = new Map(
  Object.entries({ members: membersExport, activity, requests }),
);

function opened<Query, Opened>(
  shape: z.ZodType<Query>,
  search: Search,
  open: (query: Query) => Opened,
): Opened | undefined {
  const query = shape.safeParse(search);
  return query.success ? open(query.data) : undefined;
}
