import { Checkbox, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { roleSourceLabel } from "../roles/role-badge.tsx";
import { explainQuery } from "../person/person-queries.ts";
import { dayOf } from "../../ui/time-format.ts";
import { showSuccess, showError } from "../../ui/toast.ts";
import { sessionQuery } from "../../queries.ts";
import { showUndoable } from "../roles/undo-toast.tsx";
import { grantRoleMutation, type MemberDetail, revokeRoleMutation, undoRoleMutation } from "./people-queries.ts";

type MemberRole = MemberDetail["roles"][number]["role"];

/** The confirmation: to make an owner, or to give up one's own ownership. */
type Asking = { readonly role: MemberRole; readonly isGiven: boolean };

/** A member's roles, each with the reason if it cannot be changed. Every change can be undone. */
export function MemberRolesCard({ detail }: { readonly detail: MemberDetail }): ReactNode {
  const grant = useMutation(grantRoleMutation);
  const revoke = useMutation(revokeRoleMutation);
  const undo = useMutation(undoRoleMutation);
  const session = useQuery(sessionQuery);
  const [asking, setAsking] = useState<Asking>();
  const { member, roles } = detail;
  const isSelf = session.data?.memberId === member.id;
  const isBusy = grant.isPending || revoke.isPending;
  /** The new value is shown while the request is pending, and reverts if it fails. */
  const wantedOf = (roleId: string): boolean | undefined => {
    if (grant.isPending && grant.variables.roleId === roleId) return true;
    return revoke.isPending && revoke.variables.roleId === roleId ? false : undefined;
  };
  const failure = [grant, revoke].find(({ isError }) => isError)?.error;
  const change = ({ role, isGiven }: Asking): void => {
    const what = { memberId: member.id, roleId: role.id };
    const message = isGiven
      ? `${member.name} has the role ${role.name}.`
      : `${member.name} no longer has ${role.name}.`;
    const onUndone = (): void => showSuccess(`Undone: the change to ${member.name}’s role ${role.name} was reverted.`);
    const onError = (error: unknown): void => showError(readApiError(error).message);
    const onSuccess = ({ changeId }: { readonly changeId: string | null }): void => {
      setAsking(undefined);
      // A person who has given up ownership cannot undo that.
      if (changeId === null || isOwnLoss({ role, isGiven }, isSelf)) showSuccess(message);
      else showUndoable(message, () => void undo.mutateAsync({ ...what, changeId }).then(onUndone, onError));
    };
    // One at a time; a disabled box would lose the keyboard focus.
    if (isBusy) return;
    grant.reset();
    revoke.reset();
    if (isGiven) grant.mutate(what, { onSuccess });
    else revoke.mutate(what, { onSuccess });
  };
  const tick = (input: Asking): void => {
    const isAsked = (input.isGiven && input.role.kind === "owner") || isOwnLoss(input, isSelf);
    if (isAsked) setAsking(input);
    else change(input);
  };
  const close = (): void => {
    setAsking(undefined);
    grant.reset();
    revoke.reset();
  };
  const explained = useQuery(explainQuery(member.id));
  /** The reason from the log; the sources alone while it loads. */
  const whyOf = (roleId: string): string => {
    const reasons = explained.data?.roles.find((one) => one.roleId === roleId)?.reasons ?? [];
    if (reasons.length > 0) return reasons.map(({ text, since }) => `${text}, on ${dayOf(since)}.`).join(" ");
    const held = member.roles.find(({ id }) => id === roleId);
    return held === undefined ? "" : `Has it: ${roleSourceLabel(held)}.`;
  };
  return (
    <Card title="Roles" lead="Changes save automatically and can be undone. Everyone has at least one role.">
      <Stack gap="sm">
        {roles.map(({ role, isHeld, lock }) => (
          <Checkbox
            key={role.id}
            label={role.name}
            description={[isHeld ? whyOf(role.id) : "", lock ?? ""].filter((part) => part !== "").join(" ")}
            checked={wantedOf(role.id) ?? isHeld}
            disabled={lock !== null}
            onChange={(event) => tick({ role, isGiven: event.currentTarget.checked })}
          />
        ))}
        {failure !== undefined && asking === undefined && <ErrorNote error={failure} />}
      </Stack>
      <ConfirmDialog
        opened={asking !== undefined}
        title={asking?.isGiven === false ? "Stop being an owner?" : `Make ${member.name} an owner?`}
        submit={asking?.isGiven === false ? "Stop being an owner" : "Make an owner"}
        mutation={{ isPending: isBusy, error: failure ?? null }}
        isDangerous
        onConfirm={() => asking !== undefined && change(asking)}
        onClose={close}
      >
        <p>
          {asking?.isGiven === false
            ? "You lose these settings at once. Only another owner can make you an owner again."
            : "Owners can change every setting here: people, roles, tokens, domains and single sign-on. All owners are told by email."}
        </p>
      </ConfirmDialog>
    </Card>
  );
}

/** Do people give up their own ownership? */
function isOwnLoss({ role, isGiven }: Asking, isSelf: boolean): boolean {
  return isSelf && !isGiven && role.kind === "owner";
}
