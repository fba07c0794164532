import { Button, Modal, NativeSelect } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { Card } from "../../ui/card.tsx";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { UnsavedChangesGuard } from "../shell/unsaved-changes-guard.tsx";
import { Note } from "../../ui/note.tsx";
import { QueryStatus } from "../../ui/query-status.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { DefaultRolePreview } from "./default-role-preview.tsx";
import { type Provisioning, type Role, rolesQuery, setDefaultRoleMutation } from "../../queries.ts";

type DefaultRoleProps = { readonly current: Provisioning["defaultRole"] };

/** The role of people whom the directory adds. */
export function DefaultRoleCard({ current }: DefaultRoleProps): ReactNode {
  const roles = useQuery(rolesQuery);
  return (
    <Card title="Default role" lead="New people from the directory get this role. Existing members keep theirs.">
      <QueryStatus query={roles} count={1} height={60} />
      {roles.data !== undefined && <DefaultRoleForm current={current} roles={roles.data} />}
    </Card>
  );
}

function DefaultRoleForm({ current, roles }: DefaultRoleProps & { readonly roles: readonly Role[] }): ReactNode {
  // Undefined until the first choice: the server's value is shown.
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
        <DialogForm
          submit="Use this role"
          mutation={save}
          isDangerous
          showsError={false}
          onSubmit={() => send(true)}
          onCancel={() => setIsConfirming(false)}
        >
          <Note tone="warn">
            <strong>{role?.name}</strong> is an owners’ role. Everyone the directory adds would get its full rights.
          </Note>
        </DialogForm>
      </Modal>
    </>
  );
}
