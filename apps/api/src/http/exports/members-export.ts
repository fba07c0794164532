import { listMemberIds, readMembersById } from "@rollcall/db";
import { membersQuery } from "../../procedures/members.ts";
import { batchSize, opened, rowsMax, type ExportList } from "./export-list.ts";

const idBytes = 16;

type RoleSource = { readonly sources: readonly string[]; readonly mappedBy: string | null };

/**
 * The people as the screen filters and orders them. The rows and their order are fixed at the start, so that a change
 * meanwhile neither drops nor repeats anybody; their values are read with their batch.
 */
export const membersExport: ExportList = {
  columns: [
    "id",
    "name",
    "userName",
    "email",
    "status",
    "managedBy",
    "externalId",
    "roles",
    "roleSources",
    "createdAt",
    "updatedAt",
  ],
  open: (search) =>
    opened(membersQuery, search, ({ managed: isManaged, ...query }) => {
      let known: Buffer | undefined;
      return async ({ database: { sql }, organizationId }, cursor = "0") => {
        known ??= await listMemberIds(sql, organizationId, { ...query, isManaged }, rowsMax + 1);
        const from = Number(cursor);
        const found = await readMembersById(sql, organizationId, idsAt(known, from));
        const rows = found.map(({ isManaged: byDirectory, roles, ...rest }) => ({
          ...rest,
          managedBy: byDirectory ? "directory" : "owners",
          roles: roles.map(({ name }) => name),
          roleSources: roles.map(sourceOf),
        }));
        const next = from + batchSize;
        return { rows, next: next * idBytes < known.length ? String(next) : undefined };
      };
    }),
};

function idsAt(known: Buffer, from: number): readonly string[] {
  const count = Math.max(0, Math.min(batchSize, known.length / idBytes - from));
  return Array.from({ length: count }, (_, at) =>
    known.toString("hex", (from + at) * idBytes, (from + at + 1) * idBytes),
  );
}

/**
 * One entry for each role in the order of `roles`: `manual`, `default`, `group`, `mapping of <group>`, joined by " + ".
 */
function sourceOf({ sources, mappedBy }: RoleSource): string {
  const labels = sources.map((source) =>
    source === "mapping" && mappedBy !== null ? `mapping of ${mappedBy}` : source,
  );
  return labels.join(" + ");
}
