import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { ErrorNote } from "../../ui/error-note.tsx";

type ConfirmationInputProps = {
  /** What must be typed. */
  readonly word: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Why the act failed, null where it did not. */
  readonly error: unknown;
};

/** The confirmation text typed before a destructive action, with its error. */
export function ConfirmationInput({ word, value, onChange, error }: ConfirmationInputProps): ReactNode {
  const { rule, message, fieldErrors } = readApiError(error);
  const wrong = rule === "confirmationWrong" ? message : fieldErrors["confirm"];
  return (
    <>
      <TextInput
        label={
          <>
            Type <strong className="mono">{word}</strong> to confirm
          </>
        }
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={wrong}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
      />
      {error !== null && wrong === undefined && <ErrorNote error={error} />}
    </>
  );
}
