import { keepPreviousData } from "@tanstack/react-query";
import type { inferOutput } from "@trpc/tanstack-react-query";
import { api, refreshAll } from "../../api.ts";
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
/** Never cached: the result depends on the session. */
export const invitationQuery = (token: string) => api.invitations.read.queryOptions({ token }, { staleTime: 0 });

export const sendInvitationMutation = api.invitations.send.mutationOptions({ onSuccess: refreshAll });
export const resendInvitationMutation = api.invitations.resend.mutationOptions({ onSuccess: refreshAll });
export const revokeInvitationMutation = api.invitations.revoke.mutationOptions({ onSuccess: refreshAll });
/** `gcTime: 0` for the password. Not refetched: the link is used up. */
export const acceptInvitationMutation = api.invitations.accept.mutationOptions({ gcTime: 0 });
/** The screen refetches, after it has left the member's page. */
export const removeMemberMutation = api.members.remove.mutationOptions();
export const reactivateMutation = api.members.reactivate.mutationOptions({ onSuccess: refreshAll });
export const undoReactivateMutation = api.members.undoReactivate.mutationOptions({ onSuccess: refreshAll });
export const grantRoleMutation = api.members.grantRole.mutationOptions({ onSuccess: refreshAll });
export const revokeRoleMutation = api.members.revokeRole.mutationOptions({ onSuccess: refreshAll });
/** Independent of the member's page, as the toast is shown on every screen. */
export const undoRoleMutation = api.members.undoRole.mutationOptions({ onSuccess: refreshAll });
export const restoreRolesMutation = api.members.restoreRoles.mutationOptions({ onSuccess: refreshAll });
export const dismissOfferMutation = api.members.dismissOffer.mutationOptions({ onSuccess: refreshAll });
export const createRoleMutation = api.roles.create.mutationOptions({ onSuccess: refreshAll });
export const renameRoleMutation = api.roles.rename.mutationOptions({ onSuccess: refreshAll });
export const setPermissionsMutation = api.roles.setPermissions.mutationOptions({ onSuccess: refreshAll });
export const deleteRoleMutation = api.roles.delete.mutationOptions();
export const setRemovalPolicyMutation = api.provisioning.setRemovalPolicy.mutationOptions({ onSuccess: refreshAll });
