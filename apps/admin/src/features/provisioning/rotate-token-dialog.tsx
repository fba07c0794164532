import { Modal, Radio, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { DialogActions } from "../../ui/dialog-actions.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { rotateTokenMutation, type Token } from "../../queries.ts";
import { exactTime } from "../../ui/time-format.ts";
import { NewToken } from "./new-token.tsx";

const overlaps = [
  { days: 0, label: "At once" },
  { days: 1, label: "After 1 day" },
  { days: 7, label: "After 7 days" },
  { days: 30, label: "After 30 days" },
] as const;
const usualOverlapDays = 7;

type RotateTokenDialogProps = { readonly token: Token | undefined; readonly onClose: () => void };

/** Generates a successor of `token` and asks when the old one ends. Undefined: the dialog is closed. */
export function RotateTokenDialog({ token, onClose }: RotateTokenDialogProps): ReactNode {
  const rotate = useMutation(rotateTokenMutation);
  const isShown = rotate.data !== undefined;
  const close = (): void => {
    onClose();
    rotate.reset();
  };
  return (
    <Modal
      opened={token !== undefined}
      onClose={close}
      title={isShown ? "Your new token" : `Rotate ${token?.name ?? ""}`}
      closeOnEscape={!isShown}
      closeOnClickOutside={!isShown}
      withCloseButton={!isShown}
    >
      {rotate.data === undefined ? (
        <OverlapForm
          error={rotate.error}
          isPending={rotate.isPending}
          onCancel={close}
          onOverlap={(overlapDays) => token !== undefined && rotate.mutate({ id: token.id, overlapDays })}
        />
      ) : (
        <NewToken token={rotate.data.token} expiresAt={rotate.data.expiresAt} onDone={close}>
          <p className="small quiet">The old token ends: {exactTime(rotate.data.oldEndsAt)}.</p>
        </NewToken>
      )}
    </Modal>
  );
}

type OverlapFormProps = {
  readonly error: unknown;
  readonly isPending: boolean;
  readonly onCancel: () => void;
  readonly onOverlap: (overlapDays: number) => void;
};

function OverlapForm({ error, isPending, onCancel, onOverlap }: OverlapFormProps): ReactNode {
  const [overlapDays, setOverlapDays] = useState<number>(usualOverlapDays);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onOverlap(overlapDays);
      }}
    >
      <Stack gap="md">
        <p>A new token takes over. Until the old one ends, both work, so that nothing stops while you replace it.</p>
        <Radio.Group
          label="When does the old token end?"
          value={String(overlapDays)}
          onChange={(value) => setOverlapDays(Number(value))}
        >
          <Stack gap="xs" mt="xs">
            {overlaps.map(({ days, label }) => (
              <Radio
                key={days}
                value={String(days)}
                label={label}
                {...(days === usualOverlapDays ? { "data-autofocus": true } : {})}
              />
            ))}
          </Stack>
        </Radio.Group>
        {error !== null && <ErrorNote error={error} />}
        <DialogActions submit="Rotate" isPending={isPending} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
