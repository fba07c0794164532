import { Button, Group, Radio, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { DialogActions } from "../../ui/dialog-form.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { configureSsoMutation } from "./sso-queries.ts";

type MetadataFormProps = {
  readonly submit: string;
  /** Left out if the form is not in a dialog. */
  readonly onCancel?: () => void;
  readonly onDone?: () => void;
};

/** Takes the identity provider's metadata by URL or as XML. */
export function MetadataForm({ submit: label, onCancel, onDone }: MetadataFormProps): ReactNode {
  const [way, setWay] = useState("url");
  const configure = useMutation(configureSsoMutation);
  const { message, rule, fieldErrors } = readApiError(configure.error);
  const isUrl = way === "url";
  const fieldError = rule === "ssoMetadataInvalid" ? message : fieldErrors[isUrl ? "metadataUrl" : "metadataXml"];
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get("metadata");
    if (typeof text !== "string") return;
    const onSuccess = (): void => {
      showSuccess("Single sign-on is set up.");
      onDone?.();
    };
    configure.mutate(isUrl ? { metadataUrl: text } : { metadataXml: text }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Radio.Group
          label="Metadata of your identity provider"
          value={way}
          onChange={(value) => {
            setWay(value);
            configure.reset();
          }}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="url" label="By its address" />
            <Radio value="xml" label="As XML" />
          </Stack>
        </Radio.Group>
        {isUrl ? (
          <TextInput
            label="Metadata URL"
            name="metadata"
            type="url"
            placeholder="https://"
            autoComplete="off"
            required
            error={fieldError}
          />
        ) : (
          <Textarea
            label="Metadata XML"
            name="metadata"
            rows={7}
            autoComplete="off"
            spellCheck={false}
            required
            error={fieldError}
          />
        )}
        {configure.isError && fieldError === undefined && <ErrorNote error={configure.error} />}
        {onCancel === undefined ? (
          <Group>
            <Button type="submit" loading={configure.isPending}>
              {label}
            </Button>
          </Group>
        ) : (
          <DialogActions submit={label} isPending={configure.isPending} onCancel={onCancel} />
        )}
      </Stack>
    </form>
  );
}
