import { curlCommand, describeRequest } from "@rollcall/domain";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isMissing } from "../../api-error.ts";
import { Card } from "../../ui/card.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { MissingPage } from "../shell/missing-page.tsx";
import { Page } from "../../ui/page.tsx";
import { HabitList } from "./known-deviations.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { provisioningQuery } from "../../queries.ts";
import { BodyCard } from "./body-card.tsx";
import { CallCard, isOfStranger } from "./call-card.tsx";
import { ChangeDiff } from "./change-diff.tsx";
import { type RequestDetail, requestQuery } from "./request-queries.ts";
import { RoleAsk } from "../roles/role-ask.tsx";
import "./requests.css";

/** One call of the provider, whole: a page of its own, so that owners can send each other its address. */
export function RequestScreen(): ReactNode {
  const { requestId } = useParams({ from: "/shell/owner/requests/$requestId" });
  const found = useQuery(requestQuery(requestId));
  const call = found.data;
  if (isMissing(found.error)) return <MissingPage kind="request" />;
  return (
    <Page
      title={call === undefined ? "Request" : describeRequest(call.method, call.path)}
      lead={<Link to="/requests">All requests</Link>}
    >
      {found.isError && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
      <div className="cards">
        {found.isPending && (
          <div className="card">
            <SkeletonLines count={8} height={48} />
          </div>
        )}
        {call !== undefined && (
          <>
            <CallCard call={call} />
            {call.asks.map((role) => (
              <RoleAsk key={role.id} role={role} tokenName={call.tokenName} />
            ))}
            {(call.method !== "GET" || call.changes.length > 0) && <ChangesCard call={call} />}
            {call.habits.length > 0 && (
              <Card
                title="Habits of the provider"
                lead="Where the request deviates from the standard, and how Rollcall handled it."
              >
                <HabitList habits={call.habits} />
              </Card>
            )}
            <BodyCard title="Request body" body={call.requestBody} none={sentNothing(call)} />
            <BodyCard title="Response body" body={call.answerBody} none={answeredNothing(call)} />
            <RepeatCard call={call} />
          </>
        )}
      </div>
    </Page>
  );
}

function ChangesCard({ call: { changes } }: { readonly call: RequestDetail }): ReactNode {
  return (
    <Card title="What it changed">
      {changes.length === 0 ? (
        <p className="quiet">Nothing.</p>
      ) : (
        <ol className="call-changes">
          {changes.map((change) => (
            <ChangeDiff key={change.id} change={change} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function RepeatCard({ call }: { readonly call: RequestDetail }): ReactNode {
  const provisioning = useQuery(provisioningQuery);
  return (
    <Card
      title="Repeat the request"
      lead="For a terminal, with a token in the variable SCIM_TOKEN. Fill in what is hidden in the body. It does again what the request did."
    >
      {provisioning.isPending && <SkeletonLines count={1} height={64} />}
      {provisioning.isError && provisioning.data === undefined && (
        <ErrorNote error={provisioning.error} onRetry={() => void provisioning.refetch()} />
      )}
      {provisioning.data !== undefined && (
        <div className="shell-text">
          <CopyField text={curlCommand(call, provisioning.data.baseUrl)} what="curl command" />
        </div>
      )}
    </Card>
  );
}

const ofStranger = "Requests from an unknown sender are not kept.";

function sentNothing(call: RequestDetail): string {
  if (isOfStranger(call)) return ofStranger;
  const { method } = call;
  return method === "GET" || method === "DELETE"
    ? "The request had no body."
    : "No body is kept: there was none, or it could not be read as JSON.";
}

function answeredNothing(call: RequestDetail): string {
  if (isOfStranger(call)) return ofStranger;
  const { status } = call;
  return status === 204 || status === 304
    ? "The answer had no body."
    : "No body is kept of this response: it is the same for everyone, or there were too many requests at once.";
}
