import { Button } from "@mantine/core";
import { failureMessage } from "@rollcall/domain";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import { healthFaces } from "../health/health-card.tsx";
import { healthStateQuery } from "../health/health-queries.ts";
import { isJobRunning, type Provisioning } from "../../queries.ts";
import { SignInWays } from "../sso/sign-in-ways.tsx";
import { PeopleJobNote, peopleJobId } from "./people-job-note.tsx";
import { StillLockedNote } from "./still-locked-note.tsx";
import { TurnOnDialog } from "./turn-on-dialog.tsx";

/** The state of provisioning, its consequences and the switch. */
export function StateCard({ provisioning }: { readonly provisioning: Provisioning }): ReactNode {
  const [isAsking, setIsAsking] = useState(false);
  const { isEnabled, peopleJob } = provisioning;
  const isTreating = isJobRunning(peopleJob);
  const close = (): void => setIsAsking(false);
  return (
    <Card
      title="State"
      lead={isEnabled ? whatOnMeans : provisioning.keepsLocks ? whatKeptMeans : whatOffMeans}
      aside={
        isEnabled ? undefined : (
          <Button
            disabled={isTreating}
            aria-describedby={isTreating ? peopleJobId : undefined}
            onClick={() => setIsAsking(true)}
          >
            Turn on…
          </Button>
        )
      }
    >
      <dl className="facts">
        <dt>Provisioning</dt>
        <dd>
          <Badge tone={isEnabled ? "good" : "neutral"} dot>
            {isEnabled ? "On" : "Off"}
          </Badge>
          {provisioning.enabledAt !== null && isEnabled && (
            <span className="quiet small">
              {" "}
              since <Moment at={provisioning.enabledAt} asDay />
            </span>
          )}
        </dd>
        {isEnabled && <ConnectionFacts />}
        <dt>People from the directory</dt>
        <dd>{provisioning.managedMembers.toLocaleString("en")}</dd>
        <dt>Verified domains</dt>
        <dd>
          {provisioning.verifiedDomains.length === 0
            ? "None. The directory cannot change anyone’s email address."
            : provisioning.verifiedDomains.join(", ")}
        </dd>
      </dl>
      {isEnabled && !provisioning.hasSso && <SsoNote provisioning={provisioning} />}
      {peopleJob !== null && <PeopleJobNote job={peopleJob} />}
      {!isEnabled && provisioning.keepsLocks && !isTreating && (
        <StillLockedNote managedMembers={provisioning.managedMembers} />
      )}
      <TurnOnDialog
        opened={isAsking}
        onClose={close}
        defaultRoleName={provisioning.defaultRole?.name ?? null}
        hasSso={provisioning.hasSso}
      />
    </Card>
  );
}

/** The health of the connection. */
function ConnectionFacts(): ReactNode {
  const health = useQuery(healthStateQuery);
  const face = health.data === undefined ? undefined : healthFaces[health.data.state];
  return (
    <>
      <dt>Connection</dt>
      <dd>
        <Link to="/health">
          <Badge tone={face?.tone ?? "neutral"} dot>
            {face?.title ?? "See Health"}
          </Badge>
        </Link>
        {health.data !== undefined && <span className="quiet small"> {failureMessage(health.data.failures)}</span>}
      </dd>
    </>
  );
}

const whatOnMeans =
  "Your identity provider adds, changes and deactivates people here. While this is on, members cannot leave, and cannot change their email address or password.";
const whatOffMeans =
  "Your identity provider’s requests are refused, and it adds or removes no one. Owners and members manage their accounts by hand.";
const whatKeptMeans = "Your identity provider’s requests are refused, and it adds or removes no one.";

function SsoNote({ provisioning }: { readonly provisioning: Provisioning }): ReactNode {
  return (
    <div className="after">
      <Note tone="warn">
        <p>
          Single sign-on is not set up. <SignInWays /> <Link to="/settings/sso">Set it up</Link>
        </p>
        {provisioning.ssoAcknowledgedAt !== null && (
          <p>
            Accepted by {provisioning.ssoAcknowledgedBy ?? "an owner"}, <Moment at={provisioning.ssoAcknowledgedAt} />.
          </p>
        )}
      </Note>
    </div>
  );
}
