import type { NextPlace } from "@rollcall/domain";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ReactivateButton } from "../people/reactivate.tsx";
import type { Standing } from "./person-queries.ts";

/** The next step in one sentence, with a link if there is one. */
export function NextStep({ standing }: { readonly standing: Standing }): ReactNode {
  const { next, person, scimRequestId } = standing;
  if (next === null) return null;
  const { text, place } = next;
  return (
    <>
      <p>
        <strong>Next step:</strong> {text}.{" "}
        {place !== null && place !== "reactivate" && (
          <NextLink place={place} personId={person?.id} scimRequestId={scimRequestId} />
        )}
      </p>
      {place === "reactivate" && person !== null && <ReactivateButton people={[person]} />}
    </>
  );
}

type NextLinkProps = {
  readonly place: Exclude<NextPlace, "reactivate">;
  readonly personId: string | undefined;
  readonly scimRequestId: string | null;
};

function NextLink({ place, personId, scimRequestId }: NextLinkProps): ReactNode {
  switch (place) {
    case "person":
      return personId === undefined ? null : <PersonLink id={personId}>Open their page</PersonLink>;
    case "invite":
      return <Link to="/members">Open the members</Link>;
    case "domains":
      return <Link to="/settings/domains">Open the domains</Link>;
    case "provisioning":
      return <Link to="/settings/provisioning">Open provisioning</Link>;
    case "sso":
      return <Link to="/settings/sso">Open single sign-on</Link>;
    case "requests":
      return scimRequestId === null ? (
        <Link to="/requests">Open the requests</Link>
      ) : (
        <Link to="/requests/$requestId" params={{ requestId: scimRequestId }}>
          Open the request
        </Link>
      );
    case "guide":
      return <Link to="/setup">Open the setup</Link>;
  }
}

export function PersonLink({ id, children }: { readonly id: string; readonly children: ReactNode }): ReactNode {
  return (
    <Link to="/members/$memberId" params={{ memberId: id }}>
      {children}
    </Link>
  );
}
