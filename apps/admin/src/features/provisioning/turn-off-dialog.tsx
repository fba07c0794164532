import { Checkbox, Modal, Radio, Stack } from "@mantine/core";
import { formatPeople, afterProvisioning, type AfterProvisioning, removalPhrase } from "@rollcall/domain";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { queryClient } from "../../api.ts";
import { readApiError } from "../../api-error.ts";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { QueryStatus } from "../../ui/query-status.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { disableMutation, provisioningQuery, sessionQuery } from "../../queries.ts";
import { type TurningOff, turningOffQuery } from "./provisioning-queries.ts";
import { formatNames } from "../../ui/people-messages.ts";
import { consequencesOf, rolesSentence, titleOf } from "./turn-off-messages.ts";
import { ConfirmationInput } from "../../ui/confirmation-input.tsx";

type TurnOffDialogProps = { readonly opened: boolean; readonly onClose: () => void };

/** Turns provisioning off after a choice of what happens to the managed people, a preview and a typed confirmation. */
export function TurnOffDialog({ opened, onClose }: TurnOffDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Turn provisioning off" size="lg">
      <Foreseen onClose={onClose} />
    </Modal>
  );
}

function Foreseen({ onClose }: { readonly onClose: () => void }): ReactNode {
  const foreseen = useQuery(turningOffQuery);
  if (!foreseen.isSuccess) return <QueryStatus query={foreseen} count={6} height={64} />;
  return <TurnOffForm foreseen={foreseen.data} onClose={onClose} />;
}

type TurnOffFormProps = { readonly foreseen: TurningOff; readonly onClose: () => void };

function TurnOffForm({ foreseen, onClose }: TurnOffFormProps): ReactNode {
  const [after, setAfter] = useState<AfterProvisioning>("release");
  const [confirm, setConfirm] = useState("");
  const [confirmOwners, setConfirmOwners] = useState(false);
  const session = useQuery(sessionQuery);
  const disable = useMutation(disableMutation);
  const isRemoving = after === "remove";
  const { removed, removedOwners } = foreseen.plans[after];
  const { released, inactive } = foreseen.plans.release;
  const managesNone = released + inactive === 0;
  const choose = (choice: string): void => {
    setAfter(afterProvisioning.find((known) => known === choice) ?? "release");
    setConfirm("");
    disable.reset();
  };
  const finish = (): void => {
    // The mutation has refetched it. What a job is still doing is shown with its progress.
    const job = queryClient.getQueryData(provisioningQuery.queryKey)?.peopleJob ?? null;
    const result = isRemoving ? `Provisioning is off, and ${formatPeople(removed)} removed.` : "Provisioning is off.";
    showSuccess(job === null ? result : "Provisioning is off. The rest is finished in the background.");
    onClose();
  };
  const word = isRemoving ? removalPhrase(removed) : (session.data?.organization?.name ?? "");
  return (
    <DialogForm
      submit={isRemoving ? `Turn off and remove ${removed.toLocaleString("en")}` : "Turn off"}
      mutation={disable}
      isDangerous
      showsError={false}
      onSubmit={() => disable.mutate({ after, confirm, confirmOwners }, { onSuccess: finish })}
      onCancel={onClose}
    >
      <p>
        {foreseen.tokens === 0
          ? "Your identity provider’s requests are refused."
          : "All SCIM tokens are revoked, and your identity provider’s requests are refused."}{" "}
        {managesNone
          ? "The directory manages no one, so no one loses access. Members can leave again, and change their email address and password."
          : `What happens to ${formatPeople(released)} from the directory?`}
      </p>
      {managesNone ? (
        rolesSentence(foreseen).map((sentence) => <p key={sentence}>{sentence}</p>)
      ) : (
        <Radio.Group value={after} onChange={choose} aria-label="What happens to the people">
          <Stack gap="sm">
            {afterProvisioning.map((choice) => (
              <Choice key={choice} choice={choice} isChosen={choice === after} foreseen={foreseen} />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {isRemoving && removedOwners > 0 && (
        <OwnersWord foreseen={foreseen} isConfirmed={confirmOwners} onChange={setConfirmOwners} error={disable.error} />
      )}
      {!managesNone && (
        <p className="small quiet">If you turn provisioning on again, people are matched by email in each case.</p>
      )}
      <ConfirmationInput
        word={word}
        value={confirm}
        onChange={setConfirm}
        error={ownersOnly(disable.error) ? null : disable.error}
      />
    </DialogForm>
  );
}

type ChoiceProps = {
  readonly choice: AfterProvisioning;
  readonly isChosen: boolean;
  readonly foreseen: TurningOff;
};

function Choice({ choice, isChosen, foreseen }: ChoiceProps): ReactNode {
  return (
    <div className="choice" data-chosen={isChosen}>
      <Radio value={choice} label={titleOf(choice, foreseen.plans[choice])} />
      {isChosen && (
        <ul className="plain-list small" aria-live="polite">
          {consequencesOf(choice, foreseen).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

type OwnersWordProps = {
  readonly foreseen: TurningOff;
  readonly isConfirmed: boolean;
  readonly onChange: (isConfirmed: boolean) => void;
  readonly error: unknown;
};

/** Removing owners needs its own confirmation, with their names. */
function OwnersWord({ foreseen, isConfirmed, onChange, error }: OwnersWordProps): ReactNode {
  const { removedOwners, staying } = foreseen.plans.remove;
  const removed = foreseen.owners.filter(({ id }) => !staying.some((one) => one.id === id));
  return (
    <Checkbox
      label={`Remove ${removedOwners === 1 ? "the owner" : `${removedOwners} owners`} among them as well: ${formatNames(removed, removedOwners)}`}
      checked={isConfirmed}
      onChange={(event) => onChange(event.currentTarget.checked)}
      error={ownersOnly(error) ? readApiError(error).message : undefined}
    />
  );
}

function ownersOnly(error: unknown): boolean {
  return readApiError(error).rule === "ownerRemovalUnconfirmed";
}
