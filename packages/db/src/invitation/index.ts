export { acceptInvitation, readInvitation, type ShownInvitation } from "./invitation-accept.ts";
export {
  invitationSorts,
  listInvitations,
  type InvitationQuery,
  type InvitationsPage,
  type ListedInvitation,
} from "./invitation-list.ts";
export { inviteAwaited, inviteNextAdded } from "./invitation-awaited.ts";
export { resendInvitation, revokeInvitation, sendInvitation } from "./invitation-send.ts";
