import { operationOf } from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";
import { type ActivityEntry, listChangesOfCall } from "../change/activity.ts";
import { readAskedRoles, type AskedRole } from "../role/role-ask.ts";
import { type ListedRequest, requestColumns, requestRow, tokenJoin } from "./scim-requests.ts";

const roleRow = z.object({ id: z.string(), name: z.string() });

/** One call with everything that is kept of it. Bodies are redacted JSON; `memberName` is the person's now. */
export type RequestDetail = ListedRequest & {
  readonly requestBody: string | null;
  readonly answerBody: string | null;
  readonly memberName: string | null;
  /** The group in its address, if it is still there. */
  readonly role: z.infer<typeof roleRow> | null;
  readonly changes: readonly ActivityEntry[];
  /** The roles that it was refused to manage and that owners can allow it to manage. */
  readonly asks: readonly AskedRole[];
};

const detailRow = requestRow.extend({
  requestBody: z.string().nullable(),
  answerBody: z.string().nullable(),
  memberName: z.string().nullable(),
});

/** Reads a call of the organization; undefined: there is none of that id, or it is older than what is kept. */
export async function readScimRequest(
  sql: Queryable,
  organizationId: string,
  id: string,
): Promise<RequestDetail | undefined> {
  const [found] = await sql.query(detail, [organizationId, id]);
  if (found === undefined) return undefined;
  const row = detailRow.parse(found);
  const { requestId, path } = row;
  const changes = requestId === null ? [] : await listChangesOfCall(sql, organizationId, { id, requestId });
  const [role, asks] = await Promise.all([
    roleOfCall(sql, organizationId, path),
    readAskedRoles(sql, organizationId, changes),
  ]);
  return { ...row, role, changes, asks };
}

async function roleOfCall(sql: Queryable, organizationId: string, path: string): Promise<RequestDetail["role"]> {
  const { resource, id } = operationOf(path);
  if (resource !== "Groups" || !z.uuid().safeParse(id).success) return null;
  const [found] = await sql.query(role, [organizationId, id]);
  return found === undefined ? null : roleRow.parse(found);
}

const detail = {
  name: "scim_request_detail",
  text: `select ${requestColumns}, q.request_body as "requestBody", q.answer_body as "answerBody", m.name as "memberName"
    from scim_request q ${tokenJoin}
      left join member m on m.organization_id = q.organization_id and m.id = q.member_id and not m.is_deleted
    where q.organization_id = $1 and q.id = $2`,
};
const role = {
  name: "scim_request_role",
  text: "select id, name from role where organization_id = $1 and id = $2 and deleted_at is null",
};
