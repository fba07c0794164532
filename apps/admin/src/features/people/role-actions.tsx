import { Button, Group, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  checkOwnerDeletion,
  checkOwnerEdit,
  formatPeople,
  checkPermissionsEdit,
  type RuleError,
} from "@rollcall/domain";
import { type ReactNode, useState } from "react";
import { refreshAll } from "../../api.ts";
import { Card } from "../../ui/card.tsx";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { showSuccess } from "../../ui/toast.ts";
import type { Role } from "../../queries.ts";
import { deleteRoleMutation, setPermissionsMutation } from "./people-queries.ts";
import { PermissionBoxes } from "./permission-boxes.tsx";
import { RenameRoleDialog } from "./role-name-dialog.tsx";

type Asking = "rename" | "permissions" | "delete";

/** The actions on a role, and the reasons if they are disabled. */
export function RoleActions({ role }: { readonly role: Role }): ReactNode {
  const [asking, setAsking] = useState<Asking>();
  const close = (): void => setAsking(undefined);
  const asRule = { ...role, externalId: null };
  const actions = [
    { what: "permissions", label: "Permissions…", allowed: checkPermissionsEdit(asRule) },
    { what: "rename", label: "Rename…", allowed: checkOwnerEdit(asRule) },
    { what: "delete", label: "Delete…", allowed: checkOwnerDeletion(asRule, role.isDefault ? role.id : null) },
  ] as const;
  const reasons = [...new Set(actions.flatMap(({ allowed }) => (allowed.ok ? [] : [lockMessage(allowed.error)])))];
  return (
    <Card title="Change this role">
      <Group gap="sm">
        {actions.map(({ what, label, allowed }) => (
          <Button
            key={what}
            variant="default"
            disabled={!allowed.ok}
            aria-describedby={allowed.ok ? undefined : "role-locked"}
            onClick={() => setAsking(what)}
          >
            {label}
          </Button>
        ))}
      </Group>
      {reasons.length > 0 && (
        <p id="role-locked" className="quiet small after">
          {reasons.join(" ")}
        </p>
      )}
      <RenameRoleDialog role={role} opened={asking === "rename"} onClose={close} />
      <Modal opened={asking === "permissions"} onClose={close} title={`What ${role.name} allows`}>
        <PermissionsForm role={role} onClose={close} />
      </Modal>
      <Modal opened={asking === "delete"} onClose={close} title={`Delete ${role.name}?`}>
        <DeleteForm role={role} onClose={close} />
      </Modal>
    </Card>
  );
}

function lockMessage({ kind }: Pick<RuleError, "kind">): string {
  if (kind === "roleBuiltIn") return "This role is built in and stays as it is.";
  if (kind === "roleIsDefault") return "This is the default role: choose another one before you delete it.";
  return "Managed by SCIM: rename or delete the group in your identity provider. Owners decide its permissions.";
}

type FormProps = { readonly role: Role; readonly onClose: () => void };

function PermissionsForm({ role, onClose }: FormProps): ReactNode {
  const [permissions, setPermissions] = useState<readonly string[]>(role.permissions);
  const save = useMutation(setPermissionsMutation);
  const submit = (): void => {
    const onSuccess = (): void => {
      showSuccess(`What ${role.name} allows is saved.`);
      onClose();
    };
    save.mutate({ id: role.id, permissions: [...permissions] }, { onSuccess });
  };
  return (
    <DialogForm submit="Save" mutation={save} onSubmit={submit} onCancel={onClose}>
      <PermissionBoxes value={permissions} onChange={setPermissions} />
    </DialogForm>
  );
}

function DeleteForm({ role, onClose }: FormProps): ReactNode {
  const remove = useMutation(deleteRoleMutation);
  const navigate = useNavigate();
  const submit = (): void => {
    const onSuccess = (): void => {
      showSuccess(`The role ${role.name} is deleted.`);
      // Leaves the deleted role's page before its query is refetched.
      void navigate({ to: "/roles" }).then(refreshAll);
    };
    remove.mutate({ id: role.id }, { onSuccess });
  };
  return (
    <DialogForm submit="Delete role" mutation={remove} isDangerous onSubmit={submit} onCancel={onClose}>
      <p>
        {role.isEstimate && "About "}
        {formatPeople(role.memberCount)} {role.memberCount === 1 ? "has" : "have"} this role. They stay in the
        organization; people without another role get the default role. A mapping that gives this role ends.
      </p>
    </DialogForm>
  );
}
