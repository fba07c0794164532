import { Button, Group, Switch } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Card } from "../components/card.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { Moment } from "../components/moment.tsx";
import { Note } from "../components/note.tsx";
import { say } from "../components/toast.ts";
import { useNow } from "../now.ts";
import { type Provisioning, releaseGuardMutation, setGuardMutation } from "../queries.ts";

const releaseMinutes = 60;

/** The guard against mass removals: its switch, its count, and the way past it. */
export function GuardCard({ provisioning }: { readonly provisioning: Provisioning }): ReactNode {
  const { isGuardOn, guard } = provisioning;
  const setGuard = useMutation(setGuardMutation);
  const nowMs = useNow();
  const isReleased = guard.releasedUntil !== null && new Date(guard.releasedUntil).getTime() > nowMs;
  const change = (isOn: boolean): void =>
    setGuard.mutate({ isOn }, { onSuccess: () => say(isOn ? "The guard is on." : "The guard is off.") });
  return (
    <Card
      title="Guard"
      lead="Stops the directory when it would take something from too many people at once, as after a mistaken assignment. What it stops is tried again by the directory later; nothing is lost."
    >
      <div className="stacked">
        <Switch
          label="Stop mass removals"
          description={`Lets at most ${guard.limit.toLocaleString("en")} people lose access or a role within 15 minutes.`}
          checked={setGuard.isPending ? setGuard.variables.isOn : isGuardOn}
          onChange={(event) => change(event.currentTarget.checked)}
        />
        {setGuard.isError && <ErrorNote error={setGuard.error} />}
        {isGuardOn && isReleased && guard.releasedUntil !== null && (
          <Note tone="info">
            Everything passes at the moment. The guard takes over again <Moment at={guard.releasedUntil} />.
          </Note>
        )}
        {isGuardOn && !isReleased && <GuardState guard={guard} />}
      </div>
    </Card>
  );
}

function GuardState({ guard }: { readonly guard: Provisioning["guard"] }): ReactNode {
  const release = useMutation(releaseGuardMutation);
  const letPass = (): void =>
    release.mutate({ minutes: releaseMinutes }, { onSuccess: () => say("Everything passes for 1 hour.") });
  const [losses, limit] = [guard.losses.toLocaleString("en"), guard.limit.toLocaleString("en")];
  return (
    <>
      {guard.isTripped ? (
        <Note tone="bad">
          <p>
            <strong>The guard has stopped the directory.</strong> {losses} of at most {limit} people have lost something
            within 15 minutes, and more would follow. Look into the activity log first; if it is right, let it pass.
          </p>
        </Note>
      ) : (
        <p className="small quiet">
          Within the last 15 minutes: {losses} of at most {limit}.
        </p>
      )}
      {release.isError && <ErrorNote error={release.error} />}
      <Group>
        <Button variant={guard.isTripped ? "filled" : "default"} loading={release.isPending} onClick={letPass}>
          Let everything pass for 1 hour
        </Button>
      </Group>
    </>
  );
}
