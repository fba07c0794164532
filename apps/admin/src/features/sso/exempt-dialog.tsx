import { Button, Modal, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { MoreMatchesNote } from "../people/more-matches-note.tsx";
import type { Member } from "../../queries.ts";
import { addExemptionMutation, memberSearchQuery, type SsoExemption } from "./sso-queries.ts";

type ExemptDialogProps = {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly listed: readonly SsoExemption[];
};

const typingMs = 250;

/** Finds a member and adds an exemption. */
export function ExemptDialog({ opened, onClose, listed }: ExemptDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Allow someone to use a password">
      <ExemptForm onClose={onClose} listed={listed} />
    </Modal>
  );
}

function ExemptForm({ onClose, listed }: Omit<ExemptDialogProps, "opened">): ReactNode {
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text, typingMs);
  const found = useQuery(memberSearchQuery(search));
  const add = useMutation(addExemptionMutation);
  const known = new Set(listed.map(({ memberId }) => memberId));
  const choose = ({ id: memberId, name }: Member): void => {
    const onSuccess = (): void => {
      showSuccess(`${name} may use a password.`);
      onClose();
    };
    add.mutate({ memberId }, { onSuccess });
  };
  const columns: readonly Column<Member>[] = [
    { id: "name", header: "Name", cell: nameCell },
    {
      id: "add",
      header: "Actions",
      isHeaderHidden: true,
      align: "end",
      cell: (member) => addCell(member, known.has(member.id), add.isPending, choose),
    },
  ];
  return (
    <Stack gap="md">
      <TextInput
        label="Name or email address"
        description="At least two letters."
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          add.reset();
        }}
        autoComplete="off"
        data-autofocus
      />
      {add.isError && <ErrorNote error={add.error} />}
      {found.isLoading && <SkeletonLines count={2} height={56} />}
      {found.isError && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.members.length === 0 && <p className="quiet">No one matches.</p>}
      {found.data !== undefined && found.data.members.length > 0 && (
        <DataTable caption="Members found" columns={columns} rows={found.data.members} keyOf={({ id }) => id} />
      )}
      <MoreMatchesNote found={found.data} />
    </Stack>
  );
}

function nameCell({ name, userName }: Member): ReactNode {
  return (
    <>
      <span className="title">{name}</span>
      <br />
      <span className="quiet">{userName}</span>
    </>
  );
}

function addCell(member: Member, isListed: boolean, isPending: boolean, choose: (member: Member) => void): ReactNode {
  if (isListed) return <span className="quiet">Listed already</span>;
  return (
    <Button
      variant="default"
      size="xs"
      aria-label={`Add ${member.name}`}
      loading={isPending}
      onClick={() => choose(member)}
    >
      Add
    </Button>
  );
}
