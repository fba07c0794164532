import { listActivity, listScimRequests } from "@rollcall/db";
import { describeChange, describeRequest } from "@rollcall/domain";
import { activityQuery } from "../../procedures/activity.ts";
import { requestsQuery, requestsQueryOf } from "../../procedures/requests.ts";
import { driftExports } from "./drift-exports.ts";
import { batchSize, opened, type ExportList } from "./export-list.ts";
import { membersExport } from "./members-export.ts";

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
    opened(activityQuery, search, (query) => async ({ database, organizationId }, cursor) => {
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
    opened(requestsQuery, search, (filters) => async ({ database, organizationId }, cursor) => {
      const query = { ...requestsQueryOf(filters), cursor, limit: batchSize };
      const page = await listScimRequests(database.sql, organizationId, query);
      const rows = page.requests.map((call) => ({ ...call, what: describeRequest(call.method, call.path) }));
      return { rows, next: page.nextCursor ?? undefined };
    }),
};

export const exportLists: ReadonlyMap<string, ExportList> = new Map(
  Object.entries({ members: membersExport, activity, requests, ...driftExports }),
);
