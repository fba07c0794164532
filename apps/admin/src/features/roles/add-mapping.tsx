import { Button, NativeSelect } from "@mantine/core";
import type { GroupMapping } from "@rollcall/domain";
import { type FormEvent, type ReactNode, useState } from "react";
import type { Role } from "../../queries.ts";

type AddMappingProps = {
  /** Groups of the directory that are not in the list yet. */
  readonly groups: readonly Role[];
  readonly targets: readonly Role[];
  readonly isFirst: boolean;
  readonly onAdd: (mapping: GroupMapping) => void;
};

/** Adds a mapping to the end of the list, or explains why none can be added. */
export function AddMapping({ groups, targets, isFirst, onAdd }: AddMappingProps): ReactNode {
  const [groupId, setGroupId] = useState("");
  const [targetId, setTargetId] = useState("");
  const reason = reasonOf({ groups, targets, isFirst });
  if (reason !== undefined) return <p className="quiet small after">{reason}</p>;
  const [group, target] = [groups.find(({ id }) => id === groupId), targets.find(({ id }) => id === targetId)];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (group === undefined || target === undefined) return;
    onAdd({ groupId: group.id, targetId: target.id });
    setGroupId("");
    // The pressed button is disabled until another group is chosen.
    event.currentTarget.querySelector("select")?.focus();
  };
  const isReady = group !== undefined && target !== undefined;
  return (
    <form onSubmit={submit} className="mapping-add">
      <RoleSelect label="Group of the directory" roles={groups} value={group?.id ?? ""} onChange={setGroupId} />
      <RoleSelect label="Role that it gives" roles={targets} value={target?.id ?? ""} onChange={setTargetId} />
      <Button
        type="submit"
        variant="default"
        disabled={!isReady}
        title={isReady ? undefined : "Choose a group and a role first"}
      >
        Add mapping
      </Button>
    </form>
  );
}

function reasonOf({ groups, targets, isFirst }: Pick<AddMappingProps, "groups" | "targets" | "isFirst">) {
  if (groups.length === 0 && isFirst) return "The directory has pushed no group yet. Groups can be mapped once it has.";
  if (groups.length === 0) return "Every group of the directory is in the list.";
  return targets.length === 0 ? "Create a role first: a mapping gives a custom role that was made here." : undefined;
}

type RoleSelectProps = {
  readonly label: string;
  readonly roles: readonly Role[];
  readonly value: string;
  readonly onChange: (id: string) => void;
};

function RoleSelect({ label, roles, value, onChange }: RoleSelectProps): ReactNode {
  const options = roles.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <NativeSelect
      label={label}
      value={value}
      data={[{ value: "", label: "Choose…" }, ...options]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
