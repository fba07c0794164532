import { Checkbox, Stack } from "@mantine/core";
import { permissions } from "@rollcall/domain";
import type { ReactNode } from "react";

type PermissionBoxesProps = {
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
};

/** A checkbox for each permission. */
export function PermissionBoxes({ value, onChange }: PermissionBoxesProps): ReactNode {
  return (
    <Checkbox.Group label="Permissions" value={[...value]} onChange={onChange}>
      <Stack gap="xs" mt="xs">
        {permissions.map(({ id, label, hint }) => (
          <Checkbox key={id} value={id} label={label} description={hint} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
