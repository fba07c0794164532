import { Checkbox, Modal, NativeSelect } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { Note } from "../../ui/note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { revokeTokenMutation, type Token } from "../../queries.ts";
import { exactTime } from "../../ui/time-format.ts";

type RevokeTokenDialogProps = { readonly token: Token | undefined; readonly onClose: () => void };

const hourMs = 3_600_000;
/** The period of activity to show afterwards, in hours; 0: all. */
const looks = [
  { value: "none", label: "Show nothing more" },
  { value: "1", label: "Show what it did in the last hour" },
  { value: "24", label: "Show what it did in the last day" },
  { value: "168", label: "Show what it did in the last week" },
  { value: "0", label: "Show all its changes" },
] as const;

/** Confirms a revocation, then shows the token's activity if chosen. `token` undefined: closed. */
export function RevokeTokenDialog({ token, onClose }: RevokeTokenDialogProps): ReactNode {
  const revoke = useMutation(revokeTokenMutation);
  const navigate = useNavigate();
  const [look, setLook] = useState<string>("none");
  const [isConfirmed, setIsConfirmed] = useState(false);
  const leaves = token?.leaves ?? null;
  const close = (): void => {
    onClose();
    setLook("none");
    setIsConfirmed(false);
    revoke.reset();
  };
  const afterwards = (tokenId: string): void => {
    if (look === "none") return;
    const since = look === "0" ? {} : { since: new Date(Date.now() - Number(look) * hourMs).toISOString() };
    void navigate({ to: "/activity", search: { tokenId, ...since } });
  };
  return (
    <Modal opened={token !== undefined} onClose={close} title={`Revoke ${token?.name ?? ""}?`}>
      <DialogForm
        submit="Revoke"
        mutation={revoke}
        isDangerous
        onSubmit={() => {
          if (token === undefined) return;
          const onSuccess = (): void => {
            showSuccess(`${token.name} is revoked.`);
            close();
            afterwards(token.id);
          };
          revoke.mutate({ id: token.id, confirmLast: isConfirmed }, { onSuccess });
        }}
        onCancel={close}
      >
        <p>This token stops working immediately. Anything that uses it needs another token. This cannot be undone.</p>
        {leaves !== null && (
          <>
            <Note tone="warn">
              {leaves.endsAt === null ? (
                <strong>No other token is active. Your identity provider loses access immediately.</strong>
              ) : (
                <strong>
                  The last other token ends on {exactTime(leaves.endsAt)}. Your identity provider loses access then.
                </strong>
              )}{" "}
              No one is added, changed or deactivated until it has a new token. To avoid that, generate one first.
            </Note>
            <Checkbox
              label="Revoke it anyway"
              required
              checked={isConfirmed}
              onChange={(event) => setIsConfirmed(event.currentTarget.checked)}
            />
          </>
        )}
        <NativeSelect
          label="After revoking"
          description="If the token may have leaked, review what was done with it."
          data={[...looks]}
          value={look}
          onChange={(event) => setLook(event.currentTarget.value)}
        />
      </DialogForm>
    </Modal>
  );
}
