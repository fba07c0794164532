import { Button } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClockExclamation,
  IconClockPause,
  IconHandStop,
  IconKeyOff,
  IconLock,
  IconPlayerPause,
  IconPlugConnected,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Tone } from "../../ui/badge.tsx";
import { Moment } from "../../ui/moment.tsx";
import type { Health } from "./health-queries.ts";

type Face = {
  readonly title: string;
  readonly tone: Tone;
  readonly Icon: typeof IconLock;
  /** The label of `since`. */
  readonly since: string;
};

/** Title, tone and icon of each state. */
export const healthFaces: Readonly<Record<Health["state"], Face>> = {
  off: { title: "Provisioning is off", tone: "neutral", Icon: IconPlayerPause, since: "Began" },
  noToken: { title: "No token works", tone: "bad", Icon: IconKeyOff, since: "Began" },
  stopped: { title: "Removals on hold", tone: "bad", Icon: IconHandStop, since: "Began" },
  refused: { title: "Your provider is refused", tone: "bad", Icon: IconLock, since: "Began" },
  waiting: { title: "Waiting for the first request", tone: "info", Icon: IconPlugConnected, since: "Began" },
  failing: { title: "Requests are failing", tone: "warn", Icon: IconAlertTriangle, since: "Began" },
  ending: { title: "The token expires soon", tone: "warn", Icon: IconClockExclamation, since: "Began" },
  quiet: { title: "Quiet", tone: "info", Icon: IconClockPause, since: "Last request" },
  healthy: { title: "Healthy", tone: "good", Icon: IconCircleCheck, since: "Began" },
};

/** The state, its cause, its start and the next step. */
export function HealthCard({ health }: { readonly health: Health }): ReactNode {
  const { state, cause, since, next, lastRequestAt } = health;
  const { title, tone, Icon, since: sinceLabel } = healthFaces[state];
  const showsLastRequest = lastRequestAt !== null && state !== "quiet" && lastRequestAt !== since;
  return (
    <section className="card health" data-tone={tone} aria-labelledby="health-state">
      <span className="health-icon" aria-hidden>
        <Icon size={30} stroke={1.6} />
      </span>
      <div className="health-text">
        {/* Screen readers announce a change of state. */}
        <div aria-live="polite">
          <h2 id="health-state">{title}</h2>
          <p className="measure">{cause}</p>
        </div>
        {(since !== null || showsLastRequest) && (
          <p className="quiet small health-times">
            {since !== null && (
              <span>
                {sinceLabel} <Moment at={since} />
              </span>
            )}
            {showsLastRequest && (
              <span>
                Last request <Moment at={lastRequestAt} />
              </span>
            )}
          </p>
        )}
      </div>
      <NextStep next={next} isUrgent={tone === "bad" || tone === "warn" || state === "waiting" || state === "off"} />
    </section>
  );
}

function NextStep({ next, isUrgent }: { readonly next: Health["next"]; readonly isUrgent: boolean }): ReactNode {
  return (
    <Button
      className="health-next"
      variant={isUrgent ? "filled" : "default"}
      renderRoot={(props) => <PlaceLink place={next.place} {...props} />}
    >
      {next.text}
    </Button>
  );
}

function PlaceLink({ place, ...props }: { readonly place: Health["next"]["place"] }): ReactNode {
  switch (place) {
    case "guide":
      return <Link to="/setup" {...props} />;
    case "provisioning":
    case "tokens":
    case "guard":
      return <Link to="/settings/provisioning" {...props} />;
    case "requests":
      return <Link to="/requests" {...props} />;
    case "failedRequests":
      return <Link to="/requests" search={{ failed: true }} {...props} />;
  }
}
