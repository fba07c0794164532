import { hashKey, keepPreviousData, type Query } from "@tanstack/react-query";
import type { inferOutput } from "@trpc/tanstack-react-query";
import { api, queryClient, refreshAll, refreshQueries } from "./api.ts";
import { readApiError } from "./api-error.ts";
import { isConnectionLost } from "./connection.ts";

export type Session = NonNullable<inferOutput<typeof api.session.current>>;
export type Provisioning = inferOutput<typeof api.provisioning.get>;
export type Token = inferOutput<typeof api.tokens.list>[number];
export type Member = inferOutput<typeof api.members.list>["members"][number];
export type Role = inferOutput<typeof api.roles.list>[number];
export type RoleMember = inferOutput<typeof api.roles.get>["members"][number];
export type ActivityEntry = inferOutput<typeof api.activity.list>["entries"][number];

export type MemberSort = "name" | "status" | "changed";
/** The filter and order of the members; by name by default. */
export type MembersFilter = {
  readonly search?: string;
  readonly status?: "active" | "inactive" | "awaiting";
  readonly managed?: boolean;
  readonly roleId?: string;
  readonly sort?: MemberSort;
  readonly desc?: boolean;
  readonly page: number;
};

export const pageSize = 25;

/** Refetched so that a person who lost access is signed out within ten seconds. */
export const sessionQuery = api.session.current.queryOptions(undefined, {
  staleTime: 60_000,
  refetchInterval: () => (isConnectionLost() ? 2000 : 10_000),
  retry: (failures, error) => failures < 1 && readApiError(error).code === null,
  retryDelay: 500,
});
/** Are people still being treated? */
export const isJobRunning = (job: Provisioning["peopleJob"] | undefined): boolean => job?.endedAt === null;
/** Refetched while people are treated. */
export const provisioningQuery = api.provisioning.get.queryOptions(undefined, {
  refetchInterval: ({ state: { data } }) =>
    isJobRunning(data?.peopleJob) || isJobRunning(data?.mappingJob) ? 2000 : false,
});
/** Of a preview: never cached, as members change; not retried, as its error is shown. */
export const previewed = { staleTime: 0, gcTime: 0, retry: false } as const;
/** Refetched during a rotation, until the new token is used. */
export const tokensQuery = api.tokens.list.queryOptions(undefined, {
  refetchInterval: ({ state }) => (state.data?.some(({ endsAt }) => endsAt !== null) === true ? 5000 : false),
});
export const rolesQuery = api.roles.list.queryOptions();

export const membersQuery = (filter: MembersFilter) =>
  api.members.list.queryOptions({ ...filter, pageSize }, { placeholderData: keepPreviousData });

const sessionHash = hashKey(sessionQuery.queryKey);
const isOfOrganization = { predicate: (query: Query): boolean => query.queryHash !== sessionHash };

/** Removes all cached data, for a change of the person or the organization. */
export async function forgetEverything(): Promise<void> {
  queryClient.removeQueries(isOfOrganization);
  await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
}

export const signInMutation = api.session.signIn.mutationOptions({ gcTime: 0, onSuccess: forgetEverything });
export const signOutMutation = api.session.signOut.mutationOptions({ onSuccess: forgetEverything });
export const switchToMutation = api.session.switchTo.mutationOptions({ onSuccess: forgetEverything });
export const acceptMutation = api.session.accept.mutationOptions({ onSuccess: refreshAll });
/** Ends a membership that was not accepted. */
export const declineMutation = api.account.leave.mutationOptions({ onSuccess: refreshAll });

/** Does the person end the session by signing out or leaving the organization? */
export const isLeaving = (): boolean =>
  [api.session.signOut, api.account.leave].some(
    ({ mutationKey }) => queryClient.isMutating({ mutationKey: mutationKey() }) > 0,
  );

/** Settings appear on several screens (roles, activity), so all active queries are refetched. */
export const refresh = (): Promise<void> => refreshQueries(isOfOrganization);

export const setDefaultRoleMutation = api.provisioning.setDefaultRole.mutationOptions({ onSuccess: refresh });
export const enableMutation = api.provisioning.enable.mutationOptions({ onSuccess: refresh });
export const disableMutation = api.provisioning.disable.mutationOptions({ onSuccess: refresh });
/** `gcTime: 0`: the secret is kept in the mutation alone, and `reset` removes it at once. */
export const issueTokenMutation = api.tokens.issue.mutationOptions({ gcTime: 0, onSuccess: refresh });
export const rotateTokenMutation = api.tokens.rotate.mutationOptions({ gcTime: 0, onSuccess: refresh });
export const revokeTokenMutation = api.tokens.revoke.mutationOptions({ onSuccess: refresh });
export const setLinkedMutation = api.roles.setLinked.mutationOptions({ onSuccess: refresh });
