import { Skeleton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Session } from "../../queries.ts";
import { AccountMenu } from "./account-menu.tsx";
import { OrganizationMenu } from "./organization-menu.tsx";

/** `session` is undefined while it loads. */
export function Header({ session }: { readonly session: Session | undefined }): ReactNode {
  return (
    <header className="shell-header">
      <Brand />
      {session === undefined && <Skeleton height={18} width={120} aria-hidden />}
      {session !== undefined && session.organization !== null && (
        <div className="shell-organization">
          <OrganizationMenu current={session.organization} organizations={session.organizations} />
        </div>
      )}
      <div className="spacer" />
      {session !== undefined && <AccountMenu account={session.account} />}
    </header>
  );
}

function Brand(): ReactNode {
  return (
    <Link to="/" className="brand" aria-label="Rollcall, home">
      <img src="/icon.svg" width={26} height={26} alt="" />
      <span>Rollcall</span>
    </Link>
  );
}
