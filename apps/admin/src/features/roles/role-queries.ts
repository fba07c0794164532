import type { inferOutput } from "@trpc/tanstack-react-query";
import type { GroupMapping } from "@rollcall/domain";
import { api, queryClient } from "../../api.ts";
import { pageSize, refresh, rolesQuery } from "../../queries.ts";
import type { RoleSearch } from "./roles-search.ts";

export type Mapping = inferOutput<typeof api.roles.mappings>[number];
export type RoleEffect = inferOutput<typeof api.roles.previewMapping>[number];

/** The whole list in its order, and the one that it was made from. */
export type MappingsInput = { readonly mappings: readonly GroupMapping[]; readonly basis: readonly GroupMapping[] };

/** The former page stays on screen while the next one loads, but never another role's. */
export const roleQuery = (id: string, { page = 1, ...input }: RoleSearch) =>
  api.roles.get.queryOptions(
    { id, ...input, page, pageSize },
    { placeholderData: (former) => (former?.role.id === id ? former : undefined) },
  );

export const mappingsQuery = api.roles.mappings.queryOptions();
/** Also where it is refused, as somebody else has changed the list then. */
export const setMappingsMutation = api.roles.setMappings.mutationOptions({ onSettled: refresh });

/** People come and go, so that a preview is asked for anew each time; never tried again, as it says why it cannot be. */
const previewed = { staleTime: 0, gcTime: 0, retry: false } as const;

export const mappingPreviewQuery = ({ mappings, basis }: MappingsInput) =>
  api.roles.previewMapping.queryOptions({ mappings: mappings.map(idsOf), basis: basis.map(idsOf) }, previewed);

export const defaultRolePreviewQuery = (roleId: string) =>
  api.provisioning.previewDefaultRole.queryOptions({ roleId }, previewed);

/** Without what a listed mapping has besides. */
export function idsOf({ groupId, targetId }: GroupMapping): { groupId: string; targetId: string } {
  return { groupId, targetId };
}

const permitKey = api.roles.setPermissions.mutationKey();

/** Shows a changed cell of the matrix at once; where the server refuses it, the cell goes back. */
export const permitMutation = api.roles.setPermissions.mutationOptions({
  // One after the other, as each sends all that the role allows.
  scope: { id: "permit" },
  onMutate: async ({ id, permissions }) => {
    await queryClient.cancelQueries({ queryKey: rolesQuery.queryKey });
    queryClient.setQueryData(rolesQuery.queryKey, (roles) =>
      roles?.map((role) => (role.id === id ? { ...role, permissions } : role)),
    );
  },
  // What the server says counts, but not before the last of several quick changes has reached it.
  onSettled: () => (queryClient.isMutating({ mutationKey: permitKey }) === 1 ? refresh() : undefined),
});
