import { keepPreviousData } from "@tanstack/react-query";
import type { inferOutput } from "@trpc/tanstack-react-query";
import { api, refreshQueries } from "../../api.ts";
import type { InvitationsSearch } from "./invitations-search.ts";

export type Invitation = inferOutput<typeof api.invitations.list>["invitations"][number];
export type MemberDetail = inferOutput<typeof api.members.get>;
export type ShownInvitation = inferOutput<typeof api.invitations.read>;

export const invitationPageSize = 10;
export const invitationsQuery = ({ page = 1, ...input }: InvitationsSearch) =>
  api.invitations.list.queryOptions(
    { ...input, page, pageSize: invitationPageSize },
    { placeholderData: keepPreviousData },
  );
export const memberQuery = (id: string) => api.members.get.queryOptions({ id });
export const offersQuery = (id: string) => api.members.offers.queryOptions({ id });
/** Asked for anew each time: what a link leads to follows from who is signed in. */
export const invitationQuery = (token: string) => api.invitations.read.queryOptions({ token }, { staleTime: 0 });

/** People and roles show up in many screens, so that all that is on screen is asked for again. */
const refresh = (): Promise<void> => refreshQueries();

export const sendInvitationMutation = api.invitations.send.mutationOptions({ onSuccess: refresh });
export const resendInvitationMutation = api.invitations.resend.mutationOptions({ onSuccess: refresh });
export const revokeInvitationMutation = api.invitations.revoke.mutationOptions({ onSuccess: refresh });
/** `gcTime: 0`: a password lives in the mutation alone. The link is used up: nothing is asked about it again. */
export const acceptInvitationMutation = api.invitations.accept.mutationOptions({ gcTime: 0 });
/** The person's own page is gone then, and is not asked for again. */
export const removeMemberMutation = api.members.remove.mutationOptions();
export const reactivateMutation = api.members.reactivate.mutationOptions({ onSuccess: refresh });
export const undoReactivateMutation = api.members.undoReactivate.mutationOptions({ onSuccess: refresh });
export const grantRoleMutation = api.members.grantRole.mutationOptions({ onSuccess: refresh });
export const revokeRoleMutation = api.members.revokeRole.mutationOptions({ onSuccess: refresh });
/** Keeps working where the person's page was left, as the toast that leads to it is on every screen. */
export const undoRoleMutation = api.members.undoRole.mutationOptions({ onSuccess: refresh });
export const restoreRolesMutation = api.members.restoreRoles.mutationOptions({ onSuccess: refresh });
export const dismissOfferMutation = api.members.dismissOffer.mutationOptions({ onSuccess: refresh });
export const createRoleMutation = api.roles.create.mutationOptions({ onSuccess: refresh });
export const renameRoleMutation = api.roles.rename.mutationOptions({ onSuccess: refresh });
export const setPermissionsMutation = api.roles.setPermissions.mutationOptions({ onSuccess: refresh });
export const deleteRoleMutation = api.roles.delete.mutationOptions();
export const setRemovalPolicyMutation = api.provisioning.setRemovalPolicy.mutationOptions({ onSuccess: refresh });
