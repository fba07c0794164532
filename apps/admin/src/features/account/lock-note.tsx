import { lockReasonMessage } from "@rollcall/domain";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { Note } from "../../ui/note.tsx";
import { sessionQuery } from "../../queries.ts";
import type { Lock } from "./account-queries.ts";

const lockTitles = {
  leave: "You cannot leave on your own.",
  changeEmail: "You cannot change your email address here.",
  changePassword: "You cannot change your password here.",
} as const satisfies Record<Lock["action"], string>;

/** The lock, its reason and the next step: contact an owner or, as an owner, add an exemption. */
export function LockNote({ lock }: { readonly lock: Lock }): ReactNode {
  const own = lock.holders.filter(({ isOwner }) => isOwner);
  return (
    <Note tone="info">
      <p>
        <strong>{lockTitles[lock.action]}</strong> {lockReasonMessage(lock.holders)}
      </p>
      {own.map((holder) => (
        <SelfHelp key={holder.id} holder={holder} />
      ))}
      {(own.length === 0 || lock.owners.length > 0) && <Contacts lock={lock} isOwner={own.length > 0} />}
    </Note>
  );
}

function SelfHelp({ holder }: { readonly holder: Lock["holders"][number] }): ReactNode {
  const session = useQuery(sessionQuery);
  const place = "Provisioning";
  const isHere = session.data?.organization?.id === holder.id;
  return (
    <p>
      As an owner of {holder.name}, you can exempt yourself under{" "}
      {isHere ? <Link to="/settings/provisioning">{place}</Link> : `${place} there`}.
    </p>
  );
}

function Contacts({ lock: { owners }, isOwner }: { readonly lock: Lock; readonly isOwner: boolean }): ReactNode {
  return (
    <p>
      {isOwner ? "Or ask another owner" : "Ask an owner"}
      {owners.map(({ name, email }, index) => (
        <Fragment key={email}>
          {separator(index, owners.length)}
          <a href={`mailto:${encodeURIComponent(email).replace("%40", "@")}`}>{name}</a>
        </Fragment>
      ))}
      .
    </p>
  );
}

/** The separator before the name at this index of a list of alternatives. */
function separator(index: number, count: number): string {
  if (index === 0) return ": ";
  if (index < count - 1) return ", ";
  return count === 2 ? " or " : ", or ";
}
