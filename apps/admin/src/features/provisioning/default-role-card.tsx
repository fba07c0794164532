import { Button, Modal, NativeSelect, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { Card } from "../../ui/card.tsx";
import { DialogActions } from "../../ui/dialog-actions.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { UnsavedChangesGuard } from "../shell/unsaved-changes-guard.tsx";
import { Note } from "../../ui/note.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { DefaultRolePreview } from "../roles/default-role-preview.tsx";
import { type Provisioning, type Role, rolesQuery, setDefaultRoleMutation } from "../../queries.ts";

type DefaultRoleProps = { readonly current: Provisioning["defaultRole"] };

/** The role of everybody whom the directory adds from now on. */
export function DefaultRoleCard({ current }: DefaultRoleProps): ReactNode {
  const roles = useQuery(rolesQuery);
  return (
    <Card title="Default role" lead="New people from the directory get this role. Existing members keep theirs.">
      {roles.isPending && <SkeletonLines count={1} height={60} />}
      {roles.isError && <ErrorNote error={roles.error} onRetry={() => void roles.refetch()} />}
      {roles.data !== undefined && <DefaultRoleForm current={current} roles={roles.data} />}
    </Card>
  );
}

function DefaultRoleForm({ current, roles }: DefaultRoleProps & { readonly roles: readonly Role[] }): ReactNode {
  // Undefined: nothing chosen on this screen yet, so that the server's value shows.
  const [chosenId, setChosenId] = useState<string>();
  const [isConfirming, setIsConfirming] = useState(false);
  const save = useMutation(setDefaultRoleMutation);
  const roleId = chosenId ?? current?.id ?? "";
  const role = roles.find(({ id }) => id === roleId);
  const isOwnerKind = role !== undefined && role.kind !== "custom";
  const { rule, message } = readApiError(save.error);
  const send = (confirmOwnerRole: boolean): void =>
    save.mutate(
      { roleId: roleId === "" ? null : roleId, confirmOwnerRole },
      {
        onSuccess: () => {
          setChosenId(undefined);
          showSuccess(`New people get the role ${role?.name ?? ""}.`);
        },
        onSettled: () => setIsConfirming(false),
      },
    );
  const options = roles.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <form
        className="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isOwnerKind) setIsConfirming(true);
          else send(false);
        }}
      >
        <NativeSelect
          label="Default role"
          value={roleId}
          data={[{ value: "", label: "Choose a role" }, ...options]}
          onChange={(event) => {
            setChosenId(event.currentTarget.value);
            save.reset();
          }}
          error={save.isError && rule !== null ? message : undefined}
        />
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
      </form>
      {role !== undefined && roleId !== current?.id && (
        <>
          <UnsavedChangesGuard what="Your changes to the default role" />
          <DefaultRolePreview role={role} />
        </>
      )}
      {save.isError && rule === null && <ErrorNote error={save.error} />}
      <Modal opened={isConfirming} onClose={() => setIsConfirming(false)} title="Make everyone an owner?">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            send(true);
          }}
        >
          <Stack gap="md">
            <Note tone="warn">
              <strong>{role?.name}</strong> is an owners’ role. Everyone the directory adds would get its full rights.
            </Note>
            <DialogActions
              submit="Use this role"
              isPending={save.isPending}
              isDangerous
              onCancel={() => setIsConfirming(false)}
            />
          </Stack>
        </form>
      </Modal>
    </>
  );
}
