import { MissingPage } from "./missing-page.tsx";
import { useQuery } from "@tanstack/react-query";
import { Navigate, Outlet, useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { ScreenSkeleton } from "../../ui/screen-skeleton.tsx";
import { openQuestion } from "../proof/proof-question.ts";
import { isLeaving, type Session, sessionQuery } from "../../queries.ts";
import { AwaitingNote } from "./awaiting-note.tsx";
import { ExpiringNote } from "./expiring-note.tsx";
import { FailingNote } from "./failing-note.tsx";
import { GuardNote } from "./guard-note.tsx";
import { Header } from "./header.tsx";
import { rememberNavigation, wasNavigationShown } from "./remembered-navigation.ts";
import { SideNav } from "./side-nav.tsx";
import "./shell.css";

/** The frame of all screens with a session; others are redirected to the sign-in screen. */
export function Shell(): ReactNode {
  const session = useQuery(sessionQuery);
  const { href, pathname } = useLocation();
  const signedIn = session.data;
  const isOut = signedIn === null;
  const [wasIn, setWasIn] = useState(false);
  if (!wasIn && !isOut && signedIn !== undefined) setWasIn(true);
  useEffect(() => {
    // A pending request for a proof ends with the session.
    if (isOut) openQuestion()?.answer(false);
  }, [isOut]);
  if (signedIn === null) {
    // Redirected already: the address changes before the sign-in screen has loaded.
    if (pathname === "/sign-in") return null;
    const ended = wasIn && !isLeaving() ? { ended: true as const } : {};
    return <Navigate to="/sign-in" search={href === "/" ? ended : { next: href, ...ended }} replace />;
  }
  return (
    <ShellFrame session={signedIn} isPending={session.isPending}>
      {session.isPending && <ScreenSkeleton />}
      {session.isError && signedIn === undefined && (
        <ErrorNote error={session.error} onRetry={() => void session.refetch()} />
      )}
      {signedIn !== undefined && (
        <div key={signedIn.organization?.id ?? "none"}>
          <AwaitingNote awaiting={signedIn.awaiting} />
          {signedIn.isOwner && <GuardNote />}
          {signedIn.isOwner && <FailingNote />}
          {signedIn.isOwner && <ExpiringNote />}
          <Outlet />
        </div>
      )}
    </ShellFrame>
  );
}

type ShellFrameProps = {
  readonly session: Session | undefined;
  readonly isPending?: boolean;
  readonly children: ReactNode;
};

/** `session` is undefined while it loads, and after an error. */
function ShellFrame({ session, isPending = false, children }: ShellFrameProps): ReactNode {
  const isOwner = session?.isOwner;
  const hasNavigation = isOwner ?? wasNavigationShown();
  useEffect(() => {
    if (isOwner !== undefined) rememberNavigation(isOwner);
  }, [isOwner]);
  return (
    <div className="shell">
      <a href="#main" className="skip-link">
        Skip to the content
      </a>
      <Header session={session} />
      <div className="shell-body">
        {hasNavigation === true && <SideNav />}
        <main id="main" tabIndex={-1}>
          {/* On a first visit, the place of the screen is known once the session has loaded. */}
          {(hasNavigation !== undefined || !isPending) && children}
        </main>
      </div>
    </div>
  );
}

/** The page of an unknown address, with the navigation if there is a session. */
export function NotFoundScreen(): ReactNode {
  const session = useQuery(sessionQuery);
  if (session.data !== undefined && session.data !== null) {
    return (
      <ShellFrame session={session.data}>
        <MissingPage kind="page" />
      </ShellFrame>
    );
  }
  return <main className="lone">{!session.isPending && <MissingPage kind="page" />}</main>;
}
