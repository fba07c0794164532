import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isMissing } from "../../api-error.ts";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { MissingPage } from "../shell/missing-page.tsx";
import { Page } from "../../ui/page.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { type CallOfEntry, callOfEntryQuery } from "./request-queries.ts";

/** Leads on to the call that wrote an entry of the change log, or says why there is none to show. */
export function EntryCallScreen(): ReactNode {
  const { entryId } = useParams({ from: "/shell/owner/requests/by-entry/$entryId" });
  const found = useQuery(callOfEntryQuery(entryId));
  if (found.data?.callId !== null && found.data !== undefined) {
    return <Navigate to="/requests/$requestId" params={{ requestId: found.data.callId }} replace />;
  }
  if (isMissing(found.error)) return <MissingPage kind="entry" />;
  return (
    <Page title="The call that did it" lead={<Link to="/activity">All activity</Link>}>
      {found.isError && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && (
        <div className="card">
          <SkeletonLines count={6} height={48} />
        </div>
      )}
      {found.data !== undefined && (
        <div className="card">
          <EmptyNote title={titles[found.data.kind]}>
            {words[found.data.kind]}
            {found.data.kind === "missing" && (
              <>
                <br />
                <Button mt="md" variant="default" loading={found.isFetching} onClick={() => void found.refetch()}>
                  Look again
                </Button>
              </>
            )}
          </EmptyNote>
        </div>
      )}
    </Page>
  );
}

const titles: Readonly<Record<CallOfEntry["kind"], string>> = {
  kept: "The call is found",
  forgotten: "The call is no longer kept",
  missing: "The call is not in the list",
  none: "No call did this",
};

const words: Readonly<Record<CallOfEntry["kind"], string>> = {
  kept: "",
  forgotten: "Calls are kept for 30 days. What they changed stays in the activity for good.",
  missing:
    "A call is noted a moment after it is answered. If it was longer ago, it was left out: too many came at once, or the server stopped in that moment. What it changed is in the activity all the same.",
  none: "It was not done by a call of your identity provider, but in the console, by the operator or by Rollcall itself.",
};
