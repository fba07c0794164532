import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Moment } from "../../ui/moment.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { type Account, startEmailChangeMutation, withdrawEmailChangeMutation } from "./account-queries.ts";
import { LockNote } from "./lock-note.tsx";

/** The email address and its pending changes. */
export function EmailCard({ account }: { readonly account: Account }): ReactNode {
  const start = useMutation(startEmailChangeMutation);
  const lock = account.locks.changeEmail;
  const { fieldErrors } = readApiError(start.error);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const email = new FormData(form).get("email");
    if (typeof email !== "string") return;
    const onSuccess = (): void => {
      form.reset();
      showSuccess(`We sent a link to ${email}.`);
    };
    start.mutate({ email }, { onSuccess });
  };
  return (
    <Card
      title="Email address"
      lead={`You sign in as ${account.email}.${lock === null ? " A new address takes effect when you open the link we send to it." : ""}`}
    >
      <div className="stacked">
        {lock !== null && <LockNote lock={lock} />}
        <form onSubmit={submit}>
          <fieldset disabled={lock !== null} className="inline-form bare">
            <TextInput
              label="New email address"
              name="email"
              type="email"
              autoComplete="email"
              error={fieldErrors["email"]}
              required
            />
            <Button type="submit" variant="default" loading={start.isPending}>
              Send the link
            </Button>
          </fieldset>
        </form>
        {start.isError && fieldErrors["email"] === undefined && <ErrorNote error={start.error} />}
        <Pending changes={account.emailChanges} />
      </div>
    </Card>
  );
}

function Pending({ changes }: { readonly changes: Account["emailChanges"] }): ReactNode {
  const withdraw = useMutation(withdrawEmailChangeMutation);
  if (changes.length === 0) return null;
  return (
    <section aria-label="Pending changes">
      <h3>Waiting for your confirmation</h3>
      <ul className="rows plain">
        {changes.map(({ id, email, expiresAt }) => (
          <li key={id}>
            <div>
              <p>{email}</p>
              <p className="small quiet">
                The link expires <Moment at={expiresAt} />.
              </p>
            </div>
            <Button
              variant="default"
              size="xs"
              aria-label={`Withdraw the change to ${email}`}
              loading={withdraw.isPending && withdraw.variables.id === id}
              onClick={() => withdraw.mutate({ id }, { onSuccess: () => showSuccess("The link no longer works.") })}
            >
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
      {withdraw.isError && <ErrorNote error={withdraw.error} />}
    </section>
  );
}
