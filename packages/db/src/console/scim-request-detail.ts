import { z } from "zod";
import type { Queryable } from "../statement.ts";
import { type ActivityEntry, listChangesOfCall } from "./activity.ts";
import { type ListedRequest, requestColumns, requestRow, tokenJoin } from "./scim-requests.ts";

/** One call with everything that is kept of it. Bodies are redacted JSON; `memberName` is the person's now. */
export type RequestDetail = ListedRequest & {
  readonly requestBody: string | null;
  readonly answerBody: string | null;
  readonly memberName: string | null;
  readonly changes: readonly ActivityEntry[];
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
  const { requestId } = row;
  const changes = requestId === null ? [] : await listChangesOfCall(sql, organizationId, { id, requestId });
  return { ...row, changes };
}

const detail = {
  name: "scim_request_detail",
  text: `select ${requestColumns}, q.request_body as "requestBody", q.answer_body as "answerBody", m.name as "memberName"
    from scim_request q ${tokenJoin}
      left join member m on m.organization_id = q.organization_id and m.id = q.member_id and not m.is_deleted
    where q.organization_id = $1 and q.id = $2`,
};
