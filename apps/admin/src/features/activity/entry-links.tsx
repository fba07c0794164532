import { describeChange } from "@rollcall/domain";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ActivityEntry } from "../../queries.ts";

type EntryLinksProps = {
  readonly entry: ActivityEntry;
  /** The member or role whose page shows the entry; it gets no link. */
  readonly here?: string | undefined;
};

/** Links from a log entry to the request that caused it and to its subject. */
export function EntryLinks({ entry, here }: EntryLinksProps): ReactNode {
  const { id, actor, requestId, refusal, subject } = entry;
  const isOfRequest = actor.kind === "token" && requestId !== null;
  const requestLabel = refusal === null ? "The request that did it" : "The refused request";
  const isElsewhere = subject.id !== null && subject.id !== here;
  if (!isOfRequest && !(isElsewhere && hasPlace(entry))) return null;
  return (
    <p className="entry-links small">
      {isOfRequest && (
        <Link
          to="/requests/by-entry/$entryId"
          params={{ entryId: id }}
          preload={false}
          aria-label={`${requestLabel}: ${describeChange({ ...entry, before: entry.before, after: entry.after })}`}
        >
          {requestLabel}
        </Link>
      )}
      {isElsewhere && <SubjectLink change={entry} />}
    </p>
  );
}

type ChangedSubject = Pick<ActivityEntry, "kind" | "subject"> & { readonly before?: unknown; readonly after?: unknown };

/** Links to the person, the role or the token's requests; nothing if the subject has no page. */
export function SubjectLink({ change }: { readonly change: ChangedSubject }): ReactNode {
  const { id, kind, name } = change.subject;
  if (id === null || !hasPlace(change)) return null;
  if (kind === "role") return <RoleLink id={id} name={name} />;
  if (kind === "token") {
    return (
      <Link to="/requests" search={{ tokenId: id }} aria-label={`Requests of this token: ${name}`}>
        Requests of this token
      </Link>
    );
  }
  const [roleId, role] = [grantedIn(change, "roleId"), grantedIn(change, "role")];
  return (
    <>
      <Link to="/members/$memberId" params={{ memberId: id }} aria-label={`Open the person ${name}`}>
        Open the person
      </Link>
      {roleId !== undefined && <RoleLink id={roleId} name={role ?? ""} />}
    </>
  );
}

function RoleLink({ id, name }: { readonly id: string; readonly name: string }): ReactNode {
  return (
    <Link to="/roles/$roleId" params={{ roleId: id }} aria-label={`Open the role ${name}`.trimEnd()}>
      Open the role
    </Link>
  );
}

/** The name of the role in an entry about a granted or revoked role. */
function grantedIn({ kind, before, after }: ChangedSubject, name: "roleId" | "role"): string | undefined {
  if (kind !== "member.role_granted" && kind !== "member.role_revoked") return undefined;
  const told: unknown = Reflect.get(valuesOf(kind === "member.role_granted" ? after : before), name);
  return typeof told === "string" && told !== "" ? told : undefined;
}

function valuesOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

/** A deleted role has no page; a removed person still has one. */
function hasPlace({ kind, subject }: ChangedSubject): boolean {
  return subject.kind === "member" || subject.kind === "token" || (subject.kind === "role" && kind !== "role.deleted");
}
