import { Button, FocusTrap, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyField } from "../../ui/copy-field.tsx";
import { Note } from "../../ui/note.tsx";
import { dayOf } from "../../ui/time-format.ts";

type NewTokenProps = {
  readonly token: string;
  readonly expiresAt: string;
  readonly children?: ReactNode;
  readonly onDone: () => void;
};

/** The token's text, which the server returns only once. */
export function NewToken({ token, expiresAt, children, onDone }: NewTokenProps): ReactNode {
  return (
    // The button that generated the token is gone; the focus is on "Copy".
    <FocusTrap>
      <Stack gap="md">
        <Note tone="warn" isAnnounced>
          Copy the token now. You won’t see this token again. Anyone who has it can change your members.
        </Note>
        <CopyField text={token} what="token" />
        <p className="small quiet">It lasts until {dayOf(expiresAt)}.</p>
        {children}
        <Button onClick={onDone} ml="auto">
          I have stored it
        </Button>
      </Stack>
    </FocusTrap>
  );
}
