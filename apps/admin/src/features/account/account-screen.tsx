import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { accountQuery } from "./account-queries.ts";
import { EmailCard } from "./email-card.tsx";
import { OrganizationsCard } from "./organizations-card.tsx";
import { PasswordCard } from "./password-card.tsx";
import { ProfileCard } from "./profile-card.tsx";
import { SessionsCard } from "./sessions-card.tsx";
import { TwoFactorCard } from "./two-factor-card.tsx";
import { Note } from "../../ui/note.tsx";
import { Page } from "../../ui/page.tsx";
import { sessionQuery } from "../../queries.ts";

/** Fields managed by a directory are disabled, with a contact. */
export function AccountScreen(): ReactNode {
  const account = useQuery(accountQuery);
  const session = useQuery(sessionQuery);
  return (
    <Page title="Your account">
      <QueryStatus query={account} count={6} height={56} inCard onlyFirst />
      {account.data !== undefined && (
        <div className="cards">
          {!account.data.isProven && (
            <Note tone="info">
              You signed in with your organization’s single sign-on, which does not allow changes to your account. Sign
              in with your password to change anything here.
            </Note>
          )}
          <ProfileCard account={account.data} />
          <EmailCard account={account.data} />
          <PasswordCard account={account.data} />
          <TwoFactorCard account={account.data} />
          {account.data.isProven && <SessionsCard />}
          {session.data !== undefined && session.data !== null && (
            <OrganizationsCard account={account.data} session={session.data} />
          )}
        </div>
      )}
    </Page>
  );
}
