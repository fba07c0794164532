import { Button } from "@mantine/core";
import { browserName } from "@rollcall/domain";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Badge } from "../../ui/badge.tsx";
import { BoundNote } from "../../ui/bound-note.tsx";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Moment } from "../../ui/moment.tsx";
import { QueryStatus } from "../../ui/query-status.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { endOtherSessionsMutation, type ListedSession, sessionsQuery } from "./account-queries.ts";

/** The server's upper bound. */
const listedMax = 100;

/** The person's sessions, with a button that ends all others. */
export function SessionsCard(): ReactNode {
  const sessions = useQuery(sessionsQuery);
  const endOthers = useMutation(endOtherSessionsMutation);
  const others = (sessions.data ?? []).filter(({ isThis }) => !isThis).length;
  const end = (): void =>
    endOthers.mutate(undefined, {
      onSuccess: ({ ended }) =>
        showSuccess(ended === 1 ? "1 browser is signed out." : `${ended} browsers are signed out.`),
    });
  return (
    <Card title="Sessions" lead="Browsers that are signed in as you, in all your organizations.">
      <div className="stacked">
        <QueryStatus query={sessions} count={2} height={52} onlyFirst />
        {sessions.data !== undefined && (
          <ul className="rows plain" aria-label="Sessions">
            {sessions.data.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
        )}
        <BoundNote count={sessions.data?.length ?? 0} max={listedMax} what="browsers" />
        {endOthers.isError && <ErrorNote error={endOthers.error} />}
        <Button variant="default" mr="auto" disabled={others === 0} loading={endOthers.isPending} onClick={end}>
          Sign out the others
        </Button>
        {sessions.data !== undefined && others === 0 && <p className="small quiet">There is no other browser.</p>}
      </div>
    </Card>
  );
}

function SessionRow({ session }: { readonly session: ListedSession }): ReactNode {
  return (
    <li>
      <div>
        <p>
          {browserName(session.userAgent)} {session.isThis && <Badge tone="good">This browser</Badge>}
        </p>
        <p className="small quiet">
          {session.organizationName}
          {session.ip === null ? "" : `, from ${session.ip}`}, signed in <Moment at={session.createdAt} />
        </p>
        <p className="small quiet">
          {proofLabel(session)}. Last used <Moment at={session.lastUsedAt} />
        </p>
      </div>
    </li>
  );
}

/** The sign-in method and the proofs of a session: `Single sign-on (https://idp.example), two-factor code`. */
function proofLabel(session: ListedSession): string {
  const { method, passwordAt, secondFactorAt, ssoEntityId } = session;
  const proofs: string[] = [];
  if (method === "sso") proofs.push(ssoEntityId === null ? "single sign-on" : `single sign-on (${ssoEntityId})`);
  if (method === "invitation") proofs.push("invitation");
  if (passwordAt !== null || method === "password") proofs.push("password");
  if (secondFactorAt !== null) proofs.push("two-factor code");
  const text = proofs.join(", ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
