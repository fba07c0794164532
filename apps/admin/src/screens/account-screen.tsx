import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { accountQuery } from "../account/account-queries.ts";
import { EmailCard } from "../account/email-card.tsx";
import { OrganizationsCard } from "../account/organizations-card.tsx";
import { PasswordCard } from "../account/password-card.tsx";
import { ProfileCard } from "../account/profile-card.tsx";
import { SessionsCard } from "../account/sessions-card.tsx";
import { TwoFactorCard } from "../account/two-factor-card.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { Page } from "../components/page.tsx";
import { SkeletonLines } from "../components/skeleton-lines.tsx";
import { sessionQuery } from "../queries.ts";

/** The person's own account. What a directory holds is shown disabled, with whom to ask. */
export function AccountScreen(): ReactNode {
  const account = useQuery(accountQuery);
  const session = useQuery(sessionQuery);
  return (
    <Page title="Your account">
      {account.isPending && (
        <div className="card">
          <SkeletonLines count={6} height={56} />
        </div>
      )}
      {account.isError && account.data === undefined && (
        <ErrorNote error={account.error} onRetry={() => void account.refetch()} />
      )}
      {account.data !== undefined && (
        <div className="cards">
          <ProfileCard account={account.data} />
          <EmailCard account={account.data} />
          <PasswordCard account={account.data} />
          <TwoFactorCard account={account.data} />
          <SessionsCard />
          {session.data !== undefined && session.data !== null && (
            <OrganizationsCard account={account.data} session={session.data} />
          )}
        </div>
      )}
    </Page>
  );
}
