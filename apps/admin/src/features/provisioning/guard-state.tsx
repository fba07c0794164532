import { Button, Group } from "@mantine/core";
import { guardHoldsMax } from "@rollcall/domain";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import type { Provisioning } from "../../queries.ts";
import { endReleaseMutation, releaseGuardMutation, resumeGuardMutation } from "./provisioning-queries.ts";
import { formatRemovals } from "./guard-messages.ts";

type Guard = Provisioning["guard"];

/** The state of the protection and its actions. */
export function GuardState({ guard }: { readonly guard: Guard }): ReactNode {
  const { latchedAt, holdsUntil, releasedUntil } = guard;
  if (releasedUntil !== null) return <Released until={releasedUntil} />;
  if (latchedAt === null) return <Counting guard={guard} />;
  if (holdsUntil !== null || guard.held === 0) return <Settled until={holdsUntil} />;
  return (
    <Note tone="bad">
      <p>
        <strong>
          Removals were put on hold <Moment at={latchedAt} />.
        </strong>{" "}
        {formatRemovals(guard.held)} by your identity provider {guard.held === 1 ? "waits" : "wait"} for your decision.{" "}
        No one loses access until then. If you did not expect this, first correct the assignment in your identity
        provider.
      </p>
      {guard.held >= guardHoldsMax && (
        <p>The list is full. Further removals are on hold as well and appear here after you decide.</p>
      )}
    </Note>
  );
}

function Counting({ guard }: { readonly guard: Guard }): ReactNode {
  const [losses, limit] = [guard.losses.toLocaleString("en"), guard.limit.toLocaleString("en")];
  return (
    <>
      <p className="small quiet">
        In the last 15 minutes: {losses} of at most {limit} people.
      </p>
      <Group>
        <AllowAll held={0} />
      </Group>
    </>
  );
}

function Settled({ until }: { readonly until: string | null }): ReactNode {
  const resume = useMutation(resumeGuardMutation);
  const finish = (): void => showSuccess("Removals within the limit go through again.");
  return (
    <>
      <Note tone="info">
        <p>
          <strong>Nothing waits for your decision.</strong>{" "}
          {until === null ? (
            "New removals are still held until you resume."
          ) : (
            <>
              New removals are still held, in case more of the same follow. This ends <Moment at={until} />.
            </>
          )}
        </p>
      </Note>
      {resume.isError && <ErrorNote error={resume.error} />}
      <Group>
        <Button
          variant="default"
          loading={resume.isPending}
          onClick={() => resume.mutate(undefined, { onSuccess: finish })}
        >
          Resume now
        </Button>
      </Group>
    </>
  );
}

function Released({ until }: { readonly until: string }): ReactNode {
  const end = useMutation(endReleaseMutation);
  const finish = (): void => showSuccess("Mass removals are held again.");
  return (
    <>
      <Note tone="warn">
        <p>
          <strong>All removals are allowed</strong>, except for people you decided to keep. Protection resumes{" "}
          <Moment at={until} />.
        </p>
      </Note>
      {end.isError && <ErrorNote error={end.error} />}
      <Group>
        <Button loading={end.isPending} onClick={() => end.mutate(undefined, { onSuccess: finish })}>
          Resume protection now
        </Button>
      </Group>
    </>
  );
}

/** Confirms that all removals are allowed for an hour. `held`: the number of changes that this approves. */
export function AllowAll({ held }: { readonly held: number }): ReactNode {
  const release = useMutation(releaseGuardMutation);
  const [isAsking, setIsAsking] = useState(false);
  const close = (): void => {
    setIsAsking(false);
    release.reset();
  };
  const finish = (): void => {
    close();
    showSuccess("All removals are allowed for 1 hour.");
  };
  return (
    <>
      <Button variant="default" onClick={() => setIsAsking(true)}>
        Allow all removals for 1 hour…
      </Button>
      <ConfirmDialog
        opened={isAsking}
        title="Allow all removals for 1 hour?"
        submit="Allow for 1 hour"
        isDangerous
        mutation={release}
        onConfirm={() => release.mutate(undefined, { onSuccess: finish })}
        onClose={close}
      >
        {held > 0 && (
          <p>
            <strong>{formatRemovals(held)} on hold</strong> will go through when your identity provider retries, usually
            within 15 minutes, but up to several days later.
          </p>
        )}
        <p>
          For 1 hour, your identity provider can remove access or roles from any number of people without asking you.
          You can end this at any time. People you decided to keep are not affected.
        </p>
      </ConfirmDialog>
    </>
  );
}
