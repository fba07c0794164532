import { Switch } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { useNow } from "../../ui/now.ts";
import type { Provisioning } from "../../queries.ts";
import { DecidedChanges } from "./decided-changes.tsx";
import { heldChangesQuery, setGuardMutation } from "./provisioning-queries.ts";
import { GuardState } from "./guard-state.tsx";
import { formatRemovals } from "./guard-messages.ts";
import { HeldChanges } from "./held-changes.tsx";

type GuardCardProps = { readonly provisioning: Provisioning };

/** Mass-removal protection: its switch, its state, what it holds and what was decided. */
export function GuardCard({ provisioning }: GuardCardProps): ReactNode {
  const { isGuardOn, guard } = provisioning;
  const held = useQuery(heldChangesQuery);
  const changes = held.data ?? [];
  return (
    <Card
      title="Mass-removal protection"
      lead="Holds removals until you decide when your identity provider would remove access or roles from unusually many people, for example after a mistaken assignment."
      aside={<GuardBadge provisioning={provisioning} />}
    >
      <div className="stacked">
        <GuardSwitch provisioning={provisioning} />
        {isGuardOn && <GuardState guard={guard} />}
        {held.isError && held.data === undefined && (
          <ErrorNote error={held.error} onRetry={() => void held.refetch()} />
        )}
        {isGuardOn && guard.latchedAt !== null && (
          <HeldChanges changes={changes.filter(({ decision }) => decision === null)} />
        )}
        {isGuardOn && <DecidedChanges changes={changes.filter(({ decision }) => decision !== null)} />}
      </div>
    </Card>
  );
}

function GuardBadge({ provisioning: { isGuardOn, guard } }: GuardCardProps): ReactNode {
  if (!isGuardOn) return <Badge tone="warn">Off</Badge>;
  if (guard.latchedAt !== null) return <Badge tone="bad">Holding removals</Badge>;
  if (guard.releasedUntil !== null) return <Badge tone="warn">All removals allowed</Badge>;
  return <Badge tone="good">On</Badge>;
}

/** Only turning it off needs a confirmation, which shows the numbers. */
function GuardSwitch({ provisioning: { isGuardOn, guard, managedMembers } }: GuardCardProps): ReactNode {
  const setGuard = useMutation(setGuardMutation);
  const nowMs = useNow();
  const [isAsking, setIsAsking] = useState(false);
  const close = (): void => {
    setIsAsking(false);
    setGuard.reset();
  };
  const change = (isOn: boolean): void =>
    setGuard.mutate(
      { isOn },
      {
        onSuccess: () => {
          setIsAsking(false);
          showSuccess(`Mass-removal protection is ${isOn ? "on" : "off"}.`);
        },
      },
    );
  const isReleased = guard.releasedUntil !== null && Date.parse(guard.releasedUntil) > nowMs;
  const limit = guard.limit.toLocaleString("en");
  return (
    <>
      <Switch
        label="Hold mass removals"
        description={`At most ${limit} people can lose access or a role within 15 minutes. Further removals wait for your decision. New people and other changes are not affected.`}
        checked={setGuard.isPending ? setGuard.variables.isOn : isGuardOn}
        onChange={(event) => (event.currentTarget.checked ? change(true) : setIsAsking(true))}
      />
      {setGuard.isError && !isAsking && <ErrorNote error={setGuard.error} />}
      <ConfirmDialog
        opened={isAsking}
        title="Turn off mass-removal protection?"
        submit="Turn off"
        isDangerous
        mutation={setGuard}
        onConfirm={() => change(false)}
        onClose={close}
      >
        <p>
          Your identity provider will be able to remove access from all {managedMembers.toLocaleString("en")} people it
          manages at once, without asking you.
        </p>
        {guard.held > 0 && (
          <p>
            <strong>{formatRemovals(guard.held)} on hold</strong> will go through the next time your identity provider
            retries.
          </p>
        )}
        {isReleased && <p>The current 1-hour allowance ends with it.</p>}
        <p className="quiet small">Decisions to keep people are forgotten.</p>
      </ConfirmDialog>
    </>
  );
}
