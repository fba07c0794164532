import type { inferOutput } from "@trpc/tanstack-react-query";
import type { GroupMapping } from "@rollcall/domain";
import { api, queryClient } from "../../api.ts";
import { pageSize, previewed, refresh, rolesQuery } from "../../queries.ts";
import type { RoleSearch } from "./roles-search.ts";

export type Mapping = inferOutput<typeof api.roles.mappings>[number];
export type RoleEffect = inferOutput<typeof api.roles.previewMapping>[number];

/** The ordered list, and the saved list it was based on. */
export type MappingsInput = { readonly mappings: readonly GroupMapping[]; readonly basis: readonly GroupMapping[] };

/** The previous page stays on screen while the next one loads, but not another role's. */
export const roleQuery = (id: string, { page = 1, ...input }: RoleSearch) =>
  api.roles.get.queryOptions(
    { id, ...input, page, pageSize },
    { placeholderData: (former) => (former?.role.id === id ? former : undefined) },
  );

export const mappingsQuery = api.roles.mappings.queryOptions();
/** Also after an error: another owner may have changed the list. */
export const setMappingsMutation = api.roles.setMappings.mutationOptions({ onSettled: refresh });

export const mappingPreviewQuery = ({ mappings, basis }: MappingsInput) =>
  api.roles.previewMapping.queryOptions({ mappings: mappings.map(idsOf), basis: basis.map(idsOf) }, previewed);

/** The ids alone, without the names that a listed mapping has. */
export function idsOf({ groupId, targetId }: GroupMapping): { groupId: string; targetId: string } {
  return { groupId, targetId };
}

const permitKey = api.roles.setPermissions.mutationKey();

/** Shows a changed cell of the matrix at once, and reverts it if the request fails. */
export const permitMutation = api.roles.setPermissions.mutationOptions({
  // One after another, as each request sends all permissions of the role.
  scope: { id: "permit" },
  onMutate: async ({ id, permissions }) => {
    await queryClient.cancelQueries({ queryKey: rolesQuery.queryKey });
    queryClient.setQueryData(rolesQuery.queryKey, (roles) =>
      roles?.map((role) => (role.id === id ? { ...role, permissions } : role)),
    );
  },
  // Refetched after the last of several quick changes only.
  onSettled: () => (queryClient.isMutating({ mutationKey: permitKey }) === 1 ? refresh() : undefined),
});
