import { listDriftHoldersAfter, listDriftPeopleAfter, type driftKinds } from "@rollcall/db";
import { driftFilter } from "../../procedures/health.ts";
import { batchSize, opened, type ExportList } from "./export-list.ts";

/** The people of one kind of drift, in the order of creation. */
function peopleOf(kind: (typeof driftKinds)[number]): ExportList {
  return {
    columns: ["id", "name", "userName", "status", "createdAt", "seenAt"],
    open: (search) =>
      opened(driftFilter, search, (query) => async ({ database, organizationId, now }, id) => {
        const after = { id, limit: batchSize };
        const rows = await listDriftPeopleAfter(database.sql, organizationId, { ...query, kind, now }, after);
        return { rows, next: rows.length < batchSize ? undefined : rows.at(-1)?.id };
      }),
  };
}

const holders: ExportList = {
  columns: ["memberId", "name", "userName", "roleId", "role", "isManaged", "isActive", "givenBy"],
  open: (search) =>
    opened(driftFilter, search, (query) => async ({ database, organizationId }, cursor) => {
      const [roleId, memberId] = cursor?.split(" ") ?? [];
      const last = roleId === undefined || memberId === undefined ? undefined : { roleId, memberId };
      const after = { last, limit: batchSize };
      const found = await listDriftHoldersAfter(database.sql, organizationId, query.search, after);
      const rows = found.map(({ member, role, isManaged, isActive, sources }) => ({
        memberId: member.id,
        name: member.name,
        userName: member.userName,
        roleId: role.id,
        role: role.name,
        isManaged,
        isActive,
        givenBy: sources,
      }));
      const final = rows.at(-1);
      const next = rows.length < batchSize || final === undefined ? undefined : `${final.roleId} ${final.memberId}`;
      return { rows, next };
    }),
};

/** The kinds of drift from the directory. */
export const driftExports = {
  "drift-unlinked": peopleOf("unlinked"),
  "drift-unconfirmed": peopleOf("unconfirmed"),
  "drift-holders": holders,
};
