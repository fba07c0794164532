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
import { type RequestOfEntry, requestOfEntryQuery } from "./request-queries.ts";

/** Redirects to the request that wrote an entry of the change log, or explains why there is none. */
export function EntryRequestScreen(): ReactNode {
  const { entryId } = useParams({ from: "/shell/owner/requests/by-entry/$entryId" });
  const found = useQuery(requestOfEntryQuery(entryId));
  if (found.data?.scimRequestId !== null && found.data !== undefined) {
    return <Navigate to="/requests/$requestId" params={{ requestId: found.data.scimRequestId }} replace />;
  }
  if (isMissing(found.error)) return <MissingPage kind="entry" />;
  return (
    <Page title="The request that did it" lead={<Link to="/activity">All activity</Link>}>
      {found.isError && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && (
        <div className="card">
          <SkeletonLines count={6} height={48} />
        </div>
      )}
      {found.data !== undefined && (
        <div className="card">
          <EmptyNote title={titles[found.data.kind]}>
            {descriptions[found.data.kind]}
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

const titles: Readonly<Record<RequestOfEntry["kind"], string>> = {
  kept: "Request found",
  forgotten: "The request is no longer kept",
  missing: "The request is not in the list",
  none: "No request did this",
};

const descriptions: Readonly<Record<RequestOfEntry["kind"], string>> = {
  kept: "",
  forgotten: "Requests are kept for 30 days. Their changes stay in the activity log.",
  missing:
    "A request is logged shortly after its response. An older one is missing because too many arrived at once or the server stopped. Its changes are in the activity log.",
  none: "It was done in the console, by the operator or by Rollcall, not by a request of your identity provider.",
};
