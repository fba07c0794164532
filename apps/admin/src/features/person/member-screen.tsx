import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isMissing } from "../../api-error.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { MemberStatus } from "../people/member-status.tsx";
import { MissingPage } from "../shell/missing-page.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Page } from "../../ui/page.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { MemberRolesCard } from "../people/member-roles-card.tsx";
import { type MemberDetail, memberQuery } from "../people/people-queries.ts";
import { RemoveCard } from "../people/remove-card.tsx";
import { RestoreRolesNote } from "../people/restore-roles-note.tsx";
import { explainQuery, type Standing } from "./person-queries.ts";
import { StandingNote } from "./standing-note.tsx";
import { TimelineCard } from "./timeline-card.tsx";

/** A member's details, next step, roles, history and removal. */
export function MemberScreen(): ReactNode {
  const { memberId } = useParams({ from: "/shell/owner/members/$memberId" });
  const found = useQuery(memberQuery(memberId));
  const explained = useQuery(explainQuery(memberId));
  const member = found.data?.member;
  const standing = explained.data?.standing;
  // A former member has only a history here.
  const isGone = isMissing(found.error) && standing !== undefined;
  if (isMissing(found.error) && isMissing(explained.error)) return <MissingPage kind="member" />;
  return (
    <Page
      title={member?.name ?? standing?.person?.name ?? "Member"}
      lead={member?.email ?? standing?.person?.userName ?? "…"}
      actions={member === undefined ? undefined : <MemberStatus status={member.status} />}
    >
      {found.isError && !isGone && !explained.isPending && (
        <ErrorNote error={found.error} onRetry={() => void found.refetch()} />
      )}
      <div className="cards">
        {found.isPending && (
          <div className="card">
            <SkeletonLines count={6} height={56} />
          </div>
        )}
        {standing !== undefined && isWorthTelling(standing) && <StandingNote standing={standing} />}
        {found.data !== undefined && (
          <>
            <RestoreRolesNote id={found.data.member.id} name={found.data.member.name} />
            <DetailsCard member={found.data.member} />
            <MemberRolesCard detail={found.data} />
          </>
        )}
        {(found.data !== undefined || isGone) && <TimelineCard key={memberId} memberId={memberId} />}
        {found.data !== undefined && <RemoveCard detail={found.data} />}
      </div>
    </Page>
  );
}

/** The page shows an active membership already; the note is for other statuses and next steps. */
function isWorthTelling({ kind, next }: Standing): boolean {
  return kind !== "here" || next !== null;
}

function DetailsCard({ member }: { readonly member: MemberDetail["member"] }): ReactNode {
  return (
    <Card title="Details">
      <dl className="facts">
        <dt>User name</dt>
        <dd>{member.userName}</dd>
        <dt>Email</dt>
        <dd>{member.email}</dd>
        <dt>Managed by</dt>
        <dd>{member.isManaged ? "The directory" : "Owners"}</dd>
        {member.externalId !== null && (
          <>
            <dt>External id</dt>
            <dd className="mono">{member.externalId}</dd>
          </>
        )}
        <dt>Here since</dt>
        <dd>
          <Moment at={member.createdAt} asDay />
        </dd>
        <dt>Changed</dt>
        <dd>
          <Moment at={member.updatedAt} />
        </dd>
      </dl>
    </Card>
  );
}
