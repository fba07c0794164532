import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { type Account, renameMutation } from "./account-queries.ts";

/** The account's name; an organization may have another name for the member. */
export function ProfileCard({ account }: { readonly account: Account }): ReactNode {
  const rename = useMutation(renameMutation);
  const { fieldErrors } = readApiError(rename.error);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get("name");
    if (typeof name === "string") rename.mutate({ name }, { onSuccess: () => showSuccess("Your name is saved.") });
  };
  return (
    <Card title="Profile" lead="Your name in Rollcall. Organizations may use another name for you.">
      <form className="inline-form" onSubmit={submit}>
        <TextInput
          label="Name"
          name="name"
          defaultValue={account.name}
          key={account.name}
          autoComplete="name"
          error={fieldErrors["name"]}
        />
        <Button type="submit" variant="default" loading={rename.isPending}>
          Save name
        </Button>
      </form>
      {rename.isError && fieldErrors["name"] === undefined && <ErrorNote error={rename.error} />}
    </Card>
  );
}
