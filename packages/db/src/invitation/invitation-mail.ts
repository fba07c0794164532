import { mailTemplate, verbatim } from "../mail/mail-text.ts";
import type { AskedMail } from "../mail/asked-mail.ts";

/** `awaitedInvitation`: the person has asked for it; `addedByDirectory`: nobody has, a directory has added them. */
export type InvitationMailKind = Extract<AskedMail["kind"], "invitation" | "awaitedInvitation" | "addedByDirectory">;

/** What an invited person gets. The link is a secret: it is in the queue until the mail has left, nowhere else. */
export function invitationMail(facts: {
  readonly email: string;
  readonly organizationName: string;
  readonly invitedBy: string;
  readonly link: string;
  readonly kind: InvitationMailKind;
}): Pick<AskedMail, "recipient" | "subject" | "body"> {
  const { email, organizationName, invitedBy, link } = facts;
  const subject = mailTemplate`Join ${organizationName} on Rollcall`;
  if (facts.kind !== "invitation") {
    const added = mailTemplate`Hello,\n\nthe identity provider of ${organizationName} has added ${verbatim(email)} as a member on Rollcall. ${organizationName} has no access to an account of yours, and you have none to ${organizationName}, until you accept. Accept here; the link works for seven days, once, and for this address only:\n\n${verbatim(link)}\n\nIf you have an account, you can also sign in and accept or decline there. If you do not know ${organizationName}, ignore this email: nothing happens, and you get no reminder.\n`;
    return { recipient: email, subject, body: added };
  }
  const body = mailTemplate`Hello,\n\n${invitedBy} invites you to ${organizationName} on Rollcall. Accept here; the link works for seven days, once, and for ${verbatim(email)} only:\n\n${verbatim(link)}\n\nIf you do not know ${organizationName}, do nothing: without you, nothing happens.\n`;
  return { recipient: email, subject, body };
}
