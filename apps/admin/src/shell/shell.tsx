import { useQuery } from "@tanstack/react-query";
import { Navigate, Outlet, useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { ErrorNote } from "../components/error-note.tsx";
import { ScreenSkeleton } from "../components/screen-skeleton.tsx";
import { sessionQuery } from "../queries.ts";
import { AwaitingNote } from "./awaiting-note.tsx";
import { ExpiringNote } from "./expiring-note.tsx";
import { GuardNote } from "./guard-note.tsx";
import { Header } from "./header.tsx";
import { rememberPlaces, remembersPlaces } from "./remembered-places.ts";
import { SideNav } from "./side-nav.tsx";
import "./shell.css";

/** The frame of all screens for people who are signed in; others are led to the sign-in screen and back. */
export function Shell(): ReactNode {
  const session = useQuery(sessionQuery);
  const { href, pathname } = useLocation();
  const isOwner = session.data?.isOwner;
  useEffect(() => {
    if (isOwner !== undefined) rememberPlaces(isOwner);
  }, [isOwner]);
  if (session.data === null) {
    // On its way already: the address changes before the sign-in screen has been loaded.
    if (pathname === "/sign-in") return null;
    return <Navigate to="/sign-in" search={href === "/" ? {} : { next: href }} replace />;
  }
  const signedIn = session.data;
  return (
    <div className="shell">
      <a href="#main" className="skip-link">
        Skip to the content
      </a>
      <Header session={signedIn} />
      <div className="shell-body">
        {(isOwner ?? remembersPlaces()) && <SideNav />}
        <main id="main" tabIndex={-1}>
          {session.isPending && <ScreenSkeleton />}
          {session.isError && signedIn === undefined && (
            <ErrorNote error={session.error} onRetry={() => void session.refetch()} />
          )}
          {signedIn !== undefined && (
            <div key={signedIn.organization?.id ?? "none"}>
              <AwaitingNote awaiting={signedIn.awaiting} />
              {signedIn.isOwner && <GuardNote />}
              {signedIn.isOwner && <ExpiringNote />}
              <Outlet />
            </div>
          )}
        </main>
      </div>
    </div>
  );
}
