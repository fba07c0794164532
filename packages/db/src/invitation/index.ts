export { acceptInvitation, readInvitation, type ShownInvitation } from "./invitation-accept.ts";
export { listInvitations, type ListedInvitation } from "./invitation-row.ts";
export { resendInvitation, revokeInvitation, sendInvitation } from "./invitation-send.ts";
