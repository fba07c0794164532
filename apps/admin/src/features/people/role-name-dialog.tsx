import { Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { roleNameLengthMax } from "@rollcall/domain";
import { type FormEvent, type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { DialogActions } from "../../ui/dialog-actions.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import type { Role } from "../../queries.ts";
import { createRoleMutation, renameRoleMutation } from "./people-queries.ts";
import { PermissionBoxes } from "./permission-boxes.tsx";

type DialogProps = { readonly opened: boolean; readonly onClose: () => void };

/** Makes a role, and leads to it. */
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
  const submit = (event: FormEvent): void => {
    event.preventDefault();
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
    <form onSubmit={submit}>
      <Stack gap="md">
        <NameField name={name} onName={setName} error={create.error} />
        <PermissionBoxes value={permissions} onChange={setPermissions} />
        <DialogActions submit="Create role" isPending={create.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
}

/** Gives a role another name. */
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
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const onSuccess = (): void => {
      showSuccess(`The role is now called ${name.trim()}.`);
      onClose();
    };
    rename.mutate({ id: role.id, name }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <NameField name={name} onName={setName} error={rename.error} />
        <DialogActions submit="Rename" isPending={rename.isPending} onCancel={onClose} />
      </Stack>
    </form>
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
