import { Button, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { CopyField } from "../../ui/copy-field.tsx";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { Note } from "../../ui/note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { beginTwoFactorMutation, confirmTwoFactorMutation } from "./account-queries.ts";

type SetUpTwoFactorDialogProps = { readonly opened: boolean; readonly onClose: () => void };

/** Three steps: start, enter the first code, store the recovery codes. */
export function SetUpTwoFactorDialog({ opened, onClose }: SetUpTwoFactorDialogProps): ReactNode {
  const [codes, setCodes] = useState<readonly string[] | undefined>();
  const isShowingCodes = codes !== undefined;
  const close = (): void => {
    setCodes(undefined);
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={isShowingCodes ? "Your recovery codes" : "Turn two-factor sign-in on"}
      closeOnEscape={!isShowingCodes}
      closeOnClickOutside={!isShowingCodes}
      withCloseButton={!isShowingCodes}
    >
      {isShowingCodes ? <RecoveryCodes codes={codes} onDone={close} /> : <SetUp onDone={setCodes} onClose={close} />}
    </Modal>
  );
}

type SetUpProps = { readonly onDone: (codes: readonly string[]) => void; readonly onClose: () => void };

function SetUp({ onDone, onClose }: SetUpProps): ReactNode {
  const begin = useMutation(beginTwoFactorMutation);
  if (begin.data !== undefined) return <FirstCode setup={begin.data} onDone={onDone} onClose={onClose} />;
  return (
    <DialogForm submit="Continue" mutation={begin} onSubmit={() => begin.mutate()} onCancel={onClose}>
      <p>
        You need an authenticator app on your phone, such as 1Password, Google Authenticator or Microsoft Authenticator.
      </p>
    </DialogForm>
  );
}

type Setup = { readonly secret: string; readonly svg: string };

function FirstCode({ setup, onDone, onClose }: SetUpProps & { readonly setup: Setup }): ReactNode {
  const confirm = useMutation(confirmTwoFactorMutation);
  const { rule, message, fieldErrors } = readApiError(confirm.error);
  const submit = (form: FormData): void => {
    const code = form.get("code");
    if (typeof code === "string") confirm.mutate({ code }, { onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes) });
  };
  const problem = rule === "twoFactorWrong" ? message : fieldErrors["code"];
  return (
    <DialogForm
      submit="Turn on"
      mutation={confirm}
      showsError={problem === undefined}
      onSubmit={submit}
      onCancel={onClose}
    >
      <p>Scan this with the app, or type the secret into it.</p>
      <img
        className="qr-code"
        src={`data:image/svg+xml;utf8,${encodeURIComponent(setup.svg)}`}
        alt="QR code for the authenticator app"
        width={200}
        height={200}
      />
      <CopyField text={setup.secret} what="secret" />
      <TextInput
        label="Code that the app shows"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        error={problem}
        required
        data-autofocus
      />
    </DialogForm>
  );
}

function RecoveryCodes({
  codes,
  onDone,
}: {
  readonly codes: readonly string[];
  readonly onDone: () => void;
}): ReactNode {
  const finish = (): void => {
    showSuccess("Two-factor sign-in is on.");
    onDone();
  };
  return (
    <Stack gap="md">
      <Note tone="warn" isAnnounced>
        Keep these where you keep passwords. Each lets you in once if you lose the phone; they are shown this once.
      </Note>
      <CopyField text={codes.join("\n")} what="recovery codes" />
      <Button onClick={finish} ml="auto">
        I have stored them
      </Button>
    </Stack>
  );
}
