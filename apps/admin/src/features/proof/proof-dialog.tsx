import { Button, Modal, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { inferOutput } from "@trpc/tanstack-react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { api } from "../../api.ts";
import { type ProofQuestion, readApiError } from "../../api-error.ts";
import { DialogActions } from "../../ui/dialog-form.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Note } from "../../ui/note.tsx";
import { CodeField, PasswordField } from "./proof-fields.tsx";
import { ProofBySso } from "./proof-by-sso.tsx";

/** Refetched for each dialog: the second factor may have been turned on since the last one. */
const proofWaysQuery = api.session.proofWays.queryOptions(undefined, { staleTime: 0, gcTime: 0 });
const proveMutation = api.session.prove.mutationOptions({ gcTime: 0 });

type Ways = inferOutput<typeof api.session.proofWays>;
type ProofDialogProps = { readonly question: ProofQuestion; readonly answer: (isProven: boolean) => void };

/** Asks for a proof of identity before a change that needs one. */
export function ProofDialog({ question, answer }: ProofDialogProps): ReactNode {
  const ways = useQuery(proofWaysQuery);
  const lead =
    question.organization === null
      ? "For your security, prove who you are before this change. You won’t be asked again for 10 minutes."
      : `Prove who you are to open ${question.organization}.`;
  return (
    <Modal
      opened
      onClose={() => answer(false)}
      title="Confirm that it’s you"
      zIndex={400}
      // Otherwise Escape would also close the dialog below.
      onFocusCapture={(event) => event.target.setAttribute("data-mantine-stop-propagation", "true")}
      onKeyDown={(event) => {
        if (event.key === "Escape") answer(false);
      }}
    >
      <Stack gap="md">
        <p>{lead}</p>
        <QueryStatus query={ways} count={1} height={52} />
        {ways.data !== undefined && <ProofForm question={question} ways={ways.data} answer={answer} />}
      </Stack>
    </Modal>
  );
}

function ProofForm({ question, ways, answer }: ProofDialogProps & { readonly ways: Ways }): ReactNode {
  const prove = useMutation(proveMutation);
  const { missing } = question;
  const [isByCode, setByCode] = useState(!ways.hasPassword);
  const asksPassword = ways.hasPassword && (missing?.includes("password") ?? !isByCode);
  const asksCode = ways.isSecondFactorOn && (missing?.includes("secondFactor") ?? isByCode);
  const lacksPassword = missing?.includes("password") === true && !ways.hasPassword;
  const { rule, message } = readApiError(prove.error);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    event.stopPropagation();
    const form = new FormData(event.currentTarget);
    prove.mutate({ ...textIn(form, "password"), ...textIn(form, "code") }, { onSuccess: () => answer(true) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {asksPassword && <PasswordField problem={rule === "passwordWrong" ? message : undefined} />}
        {asksCode && <CodeField problem={rule === "twoFactorWrong" ? message : undefined} />}
        {missing === null && ways.hasPassword && ways.isSecondFactorOn && (
          <Button variant="subtle" size="xs" mr="auto" onClick={() => setByCode(!isByCode)}>
            {isByCode ? "Use your password instead" : "Use a code instead"}
          </Button>
        )}
        {lacksPassword && <NoPassword />}
        {missing === null && <ProofBySso ways={ways} answer={answer} />}
        {prove.isError && rule !== "passwordWrong" && rule !== "twoFactorWrong" && <ErrorNote error={prove.error} />}
        {(asksPassword || asksCode) && !lacksPassword && (
          <DialogActions submit="Confirm" isPending={prove.isPending} onCancel={() => answer(false)} />
        )}
      </Stack>
    </form>
  );
}

function NoPassword(): ReactNode {
  return (
    <Note tone="info">
      <p>Your account has no password. Sign out, choose “Forgot your password?” on the sign-in page and set one.</p>
    </Note>
  );
}

function textIn(form: FormData, name: "password" | "code"): Partial<Record<"password" | "code", string>> {
  const text = form.get(name);
  return typeof text === "string" ? { [name]: text } : {};
}
