import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { MissingPage } from "./missing-page.tsx";
import { sessionQuery } from "../../queries.ts";
import { ShellFrame } from "./shell.tsx";

/** An address without a page. A signed-in person keeps the navigation. */
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
