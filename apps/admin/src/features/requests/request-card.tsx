import { requestAdvice } from "@rollcall/domain";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { LogMoment } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import { RequestStatus, toneOf } from "./request-status.tsx";
import { readableAddress } from "./readable-address.ts";
import type { RequestDetail } from "./request-queries.ts";

/** A request's outcome, the next step and its details. */
export function RequestCard({ request }: { readonly request: RequestDetail }): ReactNode {
  const facts = request.changes.find(({ refusal }) => refusal !== null && refusal === request.refusal)?.after;
  const advice = requestAdvice({ ...request, facts });
  return (
    <Card title="What happened" aside={<RequestStatus status={request.status} scimType={request.scimType} />}>
      <div className="request-why">
        {advice === undefined ? (
          <p>{request.changes.length === 0 ? "It worked, and changed nothing." : "It worked."}</p>
        ) : (
          <Note tone={toneOf(request.status)}>
            <p>
              <strong>{advice.why}</strong>
            </p>
            <p className="request-next">What to do next: {advice.next}</p>
          </Note>
        )}
        {request.detail !== null && (
          <p>
            <span className="quiet">
              {request.status >= 400 && !hasUnknownSender(request) ? "Response: " : "Noted: "}
            </span>
            {request.detail}
          </p>
        )}
      </div>
      <Circumstances request={request} />
    </Card>
  );
}

/** Was the token unknown? Such requests have no body, and a fixed detail. */
export function hasUnknownSender({ refusal }: Pick<RequestDetail, "refusal">): boolean {
  return refusal === "tokenSecretWrong" || refusal === "tokenMalformed";
}

function Circumstances({ request }: { readonly request: RequestDetail }): ReactNode {
  const { id, at, durationMs, tokenId, tokenName, client, ip, memberId, memberName, role, requestId } = request;
  return (
    <dl className="facts">
      <dt>Request</dt>
      <dd className="request-line">
        <code>
          <strong>{request.method}</strong> {readableAddress(request.path)}
        </code>
      </dd>
      <dt>When</dt>
      <dd>
        <LogMoment at={at} />
      </dd>
      <dt>Took</dt>
      <dd>{`${durationMs.toLocaleString("en")} ms`}</dd>
      {memberId !== null && (
        <>
          <dt>Person</dt>
          <dd>
            <Link to="/members/$memberId" params={{ memberId }}>
              {memberName ?? "A deleted person"}
            </Link>
            {" · "}
            <Link to="/requests" search={{ memberId }}>
              All requests about them
            </Link>
          </dd>
        </>
      )}
      {role !== null && (
        <>
          <dt>Group</dt>
          <dd>
            <Link to="/roles/$roleId" params={{ roleId: role.id }}>
              {role.name}
            </Link>
            {" · "}
            <Link to="/requests" search={{ roleId: role.id }}>
              All requests about this group
            </Link>
          </dd>
        </>
      )}
      <dt>Token</dt>
      <dd>
        <Link to="/requests" search={{ tokenId }}>
          {tokenName === "" ? "A deleted token" : tokenName}
        </Link>
        {" · "}
        <Link to="/activity" search={{ tokenId }}>
          Everything it changed
        </Link>
      </dd>
      <dt>Client</dt>
      <dd>{client ?? "Unknown"}</dd>
      <dt>From</dt>
      <dd>{ip ?? "Unknown"}</dd>
      <dt>Request id</dt>
      <dd>
        <CopyField text={requestId ?? id} what="request id" />
      </dd>
    </dl>
  );
}
