import { requestAdvice } from "@rollcall/domain";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { LogMoment } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import { CallStatus, toneOf } from "./call-status.tsx";
import { readableAddress } from "./readable-address.ts";
import type { RequestDetail } from "./request-queries.ts";

/** A request's outcome, the next step and its details. */
export function CallCard({ call }: { readonly call: RequestDetail }): ReactNode {
  const facts = call.changes.find(({ refusal }) => refusal !== null && refusal === call.refusal)?.after;
  const advice = requestAdvice({ ...call, facts });
  return (
    <Card title="What happened" aside={<CallStatus status={call.status} scimType={call.scimType} />}>
      <div className="call-why">
        {advice === undefined ? (
          <p>{call.changes.length === 0 ? "It worked, and changed nothing." : "It worked."}</p>
        ) : (
          <Note tone={toneOf(call.status)}>
            <p>
              <strong>{advice.why}</strong>
            </p>
            <p className="call-next">What to do next: {advice.next}</p>
          </Note>
        )}
        {call.detail !== null && (
          <p>
            <span className="quiet">{call.status >= 400 && !isOfStranger(call) ? "Response: " : "Noted: "}</span>
            {call.detail}
          </p>
        )}
      </div>
      <Circumstances call={call} />
    </Card>
  );
}

/** The response to a wrong secret says only that the token is unknown. */
export function isOfStranger({ refusal }: Pick<RequestDetail, "refusal">): boolean {
  return refusal === "tokenSecretWrong" || refusal === "tokenMalformed";
}

function Circumstances({ call }: { readonly call: RequestDetail }): ReactNode {
  const { id, at, durationMs, tokenId, tokenName, client, ip, memberId, memberName, role, requestId } = call;
  return (
    <dl className="facts">
      <dt>Request</dt>
      <dd className="call-line">
        <code>
          <strong>{call.method}</strong> {readableAddress(call.path)}
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
