import { curlCommand, describeRequest } from "@rollcall/domain";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isMissing } from "../../api-error.ts";
import { Card } from "../../ui/card.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { MissingPage } from "../shell/missing-page.tsx";
import { Page } from "../../ui/page.tsx";
import { DeviationList } from "./known-deviations.tsx";
import { QueryStatus } from "../../ui/query-status.tsx";
import { provisioningQuery } from "../../queries.ts";
import { BodyCard } from "./body-card.tsx";
import { RequestCard, hasUnknownSender } from "./request-card.tsx";
import { ChangeDiff } from "./change-diff.tsx";
import { type RequestDetail, requestQuery } from "./request-queries.ts";
import { LinkRequestNote } from "../roles/link-request-note.tsx";
import "./requests.css";

/** All details of a request, at an address that owners can share. */
export function RequestScreen(): ReactNode {
  const { requestId } = useParams({ from: "/shell/owner/requests/$requestId" });
  const found = useQuery(requestQuery(requestId));
  const request = found.data;
  if (isMissing(found.error)) return <MissingPage kind="request" />;
  return (
    <Page
      title={request === undefined ? "Request" : describeRequest(request.method, request.path)}
      lead={<Link to="/requests">All requests</Link>}
    >
      <QueryStatus query={found} count={8} height={48} inCard />
      <div className="cards">
        {request !== undefined && (
          <>
            <RequestCard request={request} />
            {request.rolesToLink.map((role) => (
              <LinkRequestNote key={role.id} role={role} tokenName={request.tokenName} />
            ))}
            {(request.method !== "GET" || request.changes.length > 0) && <ChangesCard request={request} />}
            {request.knownDeviations.length > 0 && (
              <Card
                title="Known deviations of the provider"
                lead="Where the request deviates from the standard, and how Rollcall handled it."
              >
                <DeviationList deviations={request.knownDeviations} />
              </Card>
            )}
            <BodyCard title="Request body" body={request.requestBody} none={sentNothing(request)} />
            <BodyCard title="Response body" body={request.answerBody} none={answeredNothing(request)} />
            <RepeatCard request={request} />
          </>
        )}
      </div>
    </Page>
  );
}

function ChangesCard({ request: { changes } }: { readonly request: RequestDetail }): ReactNode {
  return (
    <Card title="What it changed">
      {changes.length === 0 ? (
        <p className="quiet">Nothing.</p>
      ) : (
        <ol className="request-changes">
          {changes.map((change) => (
            <ChangeDiff key={change.id} change={change} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function RepeatCard({ request }: { readonly request: RequestDetail }): ReactNode {
  const provisioning = useQuery(provisioningQuery);
  return (
    <Card
      title="Repeat the request"
      lead="For a terminal, with a token in the variable SCIM_TOKEN. Fill in what is hidden in the body. It does again what the request did."
    >
      <QueryStatus query={provisioning} count={1} height={64} onlyFirst />
      {provisioning.data !== undefined && (
        <div className="shell-text">
          <CopyField text={curlCommand(request, provisioning.data.baseUrl)} what="curl command" />
        </div>
      )}
    </Card>
  );
}

const noBodyKept = "Requests from an unknown sender are not kept.";

function sentNothing(request: RequestDetail): string {
  if (hasUnknownSender(request)) return noBodyKept;
  const { method } = request;
  return method === "GET" || method === "DELETE"
    ? "The request had no body."
    : "No body is kept: there was none, or it could not be read as JSON.";
}

function answeredNothing(request: RequestDetail): string {
  if (hasUnknownSender(request)) return noBodyKept;
  const { status } = request;
  return status === 204 || status === 304
    ? "The response had no body."
    : "No body is kept of this response: it is the same for everyone, or there were too many requests at once.";
}
