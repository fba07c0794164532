import { mailTemplate, verbatim } from "../mail/mail-text.ts";
import type { AskedMail } from "../mail/asked-mail.ts";

/** What an invited person gets. The link is a secret: it is in the queue until the mail has left, nowhere else. */
export function invitationMail(facts: {
  readonly email: string;
  readonly organizationName: string;
  readonly invitedBy: string;
  readonly link: string;
}): Pick<AskedMail, "recipient" | "subject" | "body"> {
  const { email, organizationName, invitedBy, link } = facts;
  const body = mailTemplate`Hello,\n\n${invitedBy} invites you to ${organizationName} on Rollcall. Accept here; the link works for seven days, once, and for ${verbatim(email)} only:\n\n${verbatim(link)}\n\nIf you do not know ${organizationName}, do nothing: without you, nothing happens.\n`;
  return { recipient: email, subject: mailTemplate`Join ${organizationName} on Rollcall`, body };
}
