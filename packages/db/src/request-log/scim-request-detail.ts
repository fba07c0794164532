import { requestOperation } from "@rollcall/domain";
import { listChangesOfRequest } from "../change/activity.ts";
import { readRolesToLink } from "../role/link-request.ts";
import { isUuid } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { requestsOf, listedRequests } from "./scim-requests.ts";

/**
 * One request with all stored data: `role` is the group in its path, if it exists; `rolesToLink` are the roles that it was
 * refused to manage and that owners can allow it to manage.
 */
export type RequestDetail = NonNullable<Awaited<ReturnType<typeof readScimRequest>>>;

/**
 * Reads a request of the organization; undefined if the id is unknown or older than the retention. Bodies are redacted
 * JSON; `memberName` is the current name.
 */
export async function readScimRequest(database: Queryable, organizationId: string, id: string) {
  const request = requestsOf(database.db, organizationId).where("q.id", "=", id);
  const found = await listedRequests(database.db, request)
    .leftJoin("member as m", (on) =>
      on
        .onRef("m.organizationId", "=", "q.organizationId")
        .onRef("m.id", "=", "q.memberId")
        .on("m.isDeleted", "=", false),
    )
    .select(["q.requestBody", "q.answerBody", "m.name as memberName"])
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { requestId, path } = found;
  const changes = requestId === null ? [] : await listChangesOfRequest(database, organizationId, { id, requestId });
  const [role, rolesToLink] = await Promise.all([
    roleOfRequest(database, organizationId, path),
    readRolesToLink(database, organizationId, changes),
  ]);
  return { ...found, role, changes, rolesToLink };
}

async function roleOfRequest({ db }: Queryable, organizationId: string, path: string) {
  const { resource, id } = requestOperation(path);
  if (resource !== "Groups" || !isUuid(id.toLowerCase())) return null;
  const roles = db.selectFrom("role").where((eb) => eb.and({ organizationId, id, deletedAt: null }));
  return (await roles.select(["id", "name"]).executeTakeFirst()) ?? null;
}
