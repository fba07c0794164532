import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { readApiError } from "../api-error.ts";
import { ErrorNote } from "./error-note.tsx";

type ConfirmationInputProps = {
  /** The text to type. */
  readonly word: string;
  /** Is the text a name, shown in the usual typeface and focused first? */
  readonly isName?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The error of the last attempt, or null. */
  readonly error: unknown;
};

/** The confirmation text typed before a destructive action, with its error. */
export function ConfirmationInput({ word, isName = false, value, onChange, error }: ConfirmationInputProps): ReactNode {
  const { rule, message, fieldErrors } = readApiError(error);
  const wrong = rule === "confirmationWrong" ? message : fieldErrors["confirm"];
  return (
    <>
      <TextInput
        label={
          <>
            Type <strong className={isName ? undefined : "mono"}>{word}</strong> to confirm
          </>
        }
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={wrong}
        autoComplete="off"
        {...(isName ? { "data-autofocus": true } : { autoCapitalize: "off", spellCheck: false })}
      />
      {error !== null && wrong === undefined && <ErrorNote error={error} />}
    </>
  );
}
