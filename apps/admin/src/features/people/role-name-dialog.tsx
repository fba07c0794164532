import { Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { roleNameLengthMax } from "@rollcall/domain";
import { type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import type { Role } from "../../queries.ts";
import { createRoleMutation, renameRoleMutation } from "./people-queries.ts";
import { PermissionBoxes } from "./permission-boxes.tsx";

type DialogProps = { readonly opened: boolean; readonly onClose: () => void };

/** Creates a role and opens its page. */
export function CreateRoleDialog({ opened, onClose }: DialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Create a role">
      <CreateRoleForm onClose={onClose} />
    </Modal>
  );
}

function CreateRoleForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [name, setName] = useState("");
  const [permissions, setPermissions] = useState<readonly string[]>([]);
  const create = useMutation(createRoleMutation);
  const navigate = useNavigate();
  const submit = (): void => {
    create.mutate(
      { name, permissions: [...permissions] },
      {
        onSuccess: ({ id }) => {
          showSuccess(`The role ${name.trim()} is there.`);
          void navigate({ to: "/roles/$roleId", params: { roleId: id } });
        },
      },
    );
  };
  return (
    <DialogForm submit="Create role" mutation={create} showsError={false} onSubmit={submit} onCancel={onClose}>
      <NameField name={name} onName={setName} error={create.error} />
      <PermissionBoxes value={permissions} onChange={setPermissions} />
    </DialogForm>
  );
}

export function RenameRoleDialog({ role, opened, onClose }: DialogProps & { readonly role: Role }): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title={`Rename ${role.name}`}>
      <RenameRoleForm role={role} onClose={onClose} />
    </Modal>
  );
}

function RenameRoleForm({ role, onClose }: { readonly role: Role; readonly onClose: () => void }): ReactNode {
  const [name, setName] = useState(role.name);
  const rename = useMutation(renameRoleMutation);
  const submit = (): void => {
    const onSuccess = (): void => {
      showSuccess(`The role is now called ${name.trim()}.`);
      onClose();
    };
    rename.mutate({ id: role.id, name }, { onSuccess });
  };
  return (
    <DialogForm submit="Rename" mutation={rename} showsError={false} onSubmit={submit} onCancel={onClose}>
      <NameField name={name} onName={setName} error={rename.error} />
    </DialogForm>
  );
}

type NameFieldProps = {
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly error: unknown;
};

function NameField({ name, onName, error }: NameFieldProps): ReactNode {
  const { fieldErrors, rule, message } = readApiError(error);
  const isTaken = rule === "roleNameTaken";
  const reason = isTaken ? message : fieldErrors["name"];
  return (
    <>
      <TextInput
        label="Name"
        value={name}
        maxLength={roleNameLengthMax}
        autoComplete="off"
        onChange={(event) => onName(event.currentTarget.value)}
        error={reason}
        data-autofocus
      />
      {error !== null && reason === undefined && <ErrorNote error={error} />}
    </>
  );
}
