import { Button, Group, Modal } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { UnsavedChangesGuard } from "../shell/unsaved-changes-guard.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { EffectList } from "./effect-list.tsx";
import { mappingPreviewQuery, type MappingsInput, setMappingsMutation } from "./role-queries.ts";

type MappingSavingProps = { readonly input: MappingsInput; readonly onEnd: () => void };

/** Previews and saves the changed list; asks first if a person would lose a role. */
export function MappingSaving({ input, onEnd }: MappingSavingProps): ReactNode {
  const preview = useQuery(mappingPreviewQuery(input));
  const save = useMutation(setMappingsMutation);
  const [isAsking, setIsAsking] = useState(false);
  const losses = preview.data?.filter(({ isGain }) => !isGain) ?? [];
  const send = (): void => {
    const onSuccess = (): void => {
      showSuccess("The mappings are saved.");
      onEnd();
    };
    save.mutate({ mappings: [...input.mappings], basis: [...input.basis] }, { onSuccess });
  };
  return (
    <>
      <UnsavedChangesGuard what="Your changes to the mappings" />
      <section className="preview" aria-label="Preview">
        <h3>Preview</h3>
        <output>
          {preview.isPending && <SkeletonLines count={1} height={48} />}
          {preview.data !== undefined && <EffectList effects={preview.data} />}
        </output>
        {preview.isError && <ErrorNote error={preview.error} onRetry={() => void preview.refetch()} />}
      </section>
      <Group gap="sm" className="mapping-save">
        <Button
          loading={save.isPending}
          disabled={preview.data === undefined}
          title={preview.data === undefined ? "Wait until the preview has loaded" : undefined}
          onClick={() => (losses.length > 0 ? setIsAsking(true) : send())}
        >
          {losses.length > 0 ? "Save mappings…" : "Save mappings"}
        </Button>
        <Button variant="default" onClick={onEnd}>
          Discard changes
        </Button>
      </Group>
      {save.isError && !isAsking && <ErrorNote error={save.error} />}
      <Modal opened={isAsking} onClose={() => setIsAsking(false)} title="Take roles from people?">
        <DialogForm
          submit="Save mappings"
          mutation={save}
          isDangerous
          onSubmit={() => send()}
          onCancel={() => setIsAsking(false)}
        >
          <p>As soon as this is saved:</p>
          <EffectList effects={losses} />
          <p className="quiet small">
            They stay in the organization. People without another role get the default role. Mapped back, they have the
            role again.
          </p>
        </DialogForm>
      </Modal>
    </>
  );
}
