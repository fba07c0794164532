import { Modal, Radio, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { DialogForm } from "../../ui/dialog-form.tsx";
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

/** Generates a successor of `token` and asks when the old one ends. `token` undefined: closed. */
export function RotateTokenDialog({ token, onClose }: RotateTokenDialogProps): ReactNode {
  const rotate = useMutation(rotateTokenMutation);
  const isShown = rotate.data !== undefined;
  const close = (): void => {
    // The token is shown only once.
    if (rotate.isPending) return;
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
          mutation={rotate}
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
  readonly mutation: { readonly isPending: boolean; readonly error: unknown };
  readonly onCancel: () => void;
  readonly onOverlap: (overlapDays: number) => void;
};

function OverlapForm({ mutation, onCancel, onOverlap }: OverlapFormProps): ReactNode {
  const [overlapDays, setOverlapDays] = useState<number>(usualOverlapDays);
  return (
    <DialogForm submit="Rotate" mutation={mutation} onSubmit={() => onOverlap(overlapDays)} onCancel={onCancel}>
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
    </DialogForm>
  );
}
