import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ElapsedTime } from "./elapsed-time.tsx";
import { CheckRow } from "./check-row.tsx";
import { FinishRow } from "./finish-row.tsx";
import { ConnectionHelp } from "./connection-help.tsx";
import { guideOf } from "./guides.ts";
import { type Setup, type SetupRequest, type SetupEvent, stateIn } from "./setup-queries.ts";

type ValidateProps = { readonly setup: Setup; readonly nowMs: number };

/** Waits for the provider's first requests and shows each of them. */
export function ValidateStep({ setup, nowMs }: ValidateProps): ReactNode {
  const { firstRequest, firstUser, firstDeactivation } = setup.evidence;
  const { tries, delay } = guideOf(setup.progress?.provider ?? "other", setup.baseUrl);
  return (
    <>
      <ul className="check-rows plain" aria-label="What your identity provider has done">
        <CheckRow state={stateIn(setup, "credentialsTested")} title="Credentials tested" waiting="Waiting">
          {firstRequest === null ? (
            <p className="quiet">{tries.credentials}</p>
          ) : (
            <RequestEvidence request={firstRequest} nowMs={nowMs} />
          )}
        </CheckRow>
        <CheckRow state={stateIn(setup, "firstUser")} title="First user created" waiting="Waiting">
          {firstUser === null ? <p className="quiet">{tries.user}</p> : <Event event={firstUser} nowMs={nowMs} />}
        </CheckRow>
        <CheckRow state={stateIn(setup, "firstDeactivation")} title="First deactivation seen" waiting="Waiting">
          {firstDeactivation === null ? (
            <p className="quiet">{tries.deactivation}</p>
          ) : (
            <Event event={firstDeactivation} nowMs={nowMs} />
          )}
        </CheckRow>
      </ul>
      <output className="visually-hidden">{announcement(setup)}</output>
      <ConnectionHelp setup={setup} nowMs={nowMs} delay={delay} />
      <FinishRow setup={setup} />
    </>
  );
}

function RequestEvidence({ request, nowMs }: { readonly request: SetupRequest; readonly nowMs: number }): ReactNode {
  return (
    <>
      <p>
        {requestMessage(request)} <ElapsedTime at={request.at} nowMs={nowMs} />.
      </p>
      <p className="quiet">
        <code>
          {request.method} {request.path}
        </code>{" "}
        returned {request.status}, with the token {request.tokenName} (<code>{request.tokenPrefix}…</code>).
      </p>
    </>
  );
}

function Event({ event, nowMs }: { readonly event: SetupEvent; readonly nowMs: number }): ReactNode {
  return (
    <>
      <p>
        <Link to="/members/$memberId" params={{ memberId: event.memberId }}>
          {event.name}
        </Link>{" "}
        {eventTexts[event.kind]} <ElapsedTime at={event.at} nowMs={nowMs} />.
      </p>
      <p className="quiet">{`With the token ${event.tokenName}. ${eventMeaning[event.kind]}`}</p>
    </>
  );
}

function requestMessage({ client, ip }: SetupRequest): string {
  const who = client ?? "A client without a name";
  return `${who}${ip === null ? "" : ` from ${ip}`} tested the credentials`;
}

const eventTexts = {
  "member.created": "was created",
  "member.linked": "was here already and is now linked",
  "member.revived": "was brought back",
  "member.deactivated": "was deactivated",
} as const satisfies Record<SetupEvent["kind"], string>;

const eventMeaning = {
  "member.created": "The person has the default role.",
  "member.linked": "The person keeps their previous roles.",
  "member.revived": "It is the same person as before, with the same id.",
  "member.deactivated": "Access ended at once; the person is kept and can be assigned again.",
} as const satisfies Record<SetupEvent["kind"], string>;

/** The text that screen readers announce; without times, so that it is announced once. */
function announcement(setup: Setup): string {
  const { firstRequest, firstUser, firstDeactivation } = setup.evidence;
  const seen = [
    ...(firstRequest === null ? [] : [`${requestMessage(firstRequest)}.`]),
    ...(firstUser === null ? [] : [`${firstUser.name} ${eventTexts[firstUser.kind]}.`]),
    ...(firstDeactivation === null ? [] : [`${firstDeactivation.name} was deactivated.`]),
  ];
  return seen.length === 0 ? "Waiting for the first request." : `${seen.length} of 3 seen. ${seen.at(-1) ?? ""}`;
}
