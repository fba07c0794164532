import { Checkbox, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Card } from "../components/card.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { sourcesInWords } from "../components/role-badge.tsx";
import { explainQuery } from "../person/person-queries.ts";
import { dayOf } from "../time-words.ts";
import { say } from "../components/toast.ts";
import { grantRoleMutation, type MemberDetail, revokeRoleMutation } from "./people-queries.ts";

/** The roles of one person, each with why it cannot be changed where it cannot. */
export function MemberRolesCard({ detail }: { readonly detail: MemberDetail }): ReactNode {
  const grant = useMutation(grantRoleMutation);
  const revoke = useMutation(revokeRoleMutation);
  const { member, roles } = detail;
  const isBusy = grant.isPending || revoke.isPending;
  /** What was ticked shows until the server has answered, and goes back where it said no. */
  const wantedOf = (roleId: string): boolean | undefined => {
    if (grant.isPending && grant.variables.roleId === roleId) return true;
    return revoke.isPending && revoke.variables.roleId === roleId ? false : undefined;
  };
  const failure = [grant, revoke].find(({ isError }) => isError)?.error;
  const change = (role: { readonly id: string; readonly name: string }, isGiven: boolean): void => {
    const what = { memberId: member.id, roleId: role.id };
    const words = isGiven ? `${member.name} has the role ${role.name}.` : `${member.name} no longer has ${role.name}.`;
    const onSuccess = (): void => say(words);
    // One at a time. A box that is disabled for that long would lose the focus of who uses the keyboard.
    if (isBusy) return;
    grant.reset();
    revoke.reset();
    if (isGiven) grant.mutate(what, { onSuccess });
    else revoke.mutate(what, { onSuccess });
  };
  const explained = useQuery(explainQuery(member.id));
  /** Why they have it, by the log; the bare sources until that is here. */
  const whyOf = (roleId: string): string => {
    const reasons = explained.data?.roles.find((one) => one.roleId === roleId)?.reasons ?? [];
    if (reasons.length > 0) return reasons.map(({ words, since }) => `${words}, on ${dayOf(since)}.`).join(" ");
    const held = member.roles.find(({ id }) => id === roleId);
    return held === undefined ? "" : `Has it: ${sourcesInWords(held)}.`;
  };
  return (
    <Card title="Roles" lead="A tick is saved at once. Everybody has at least one role.">
      <Stack gap="sm">
        {roles.map(({ role, isHeld, lock }) => (
          <Checkbox
            key={role.id}
            label={role.name}
            description={[isHeld ? whyOf(role.id) : "", lock ?? ""].filter((part) => part !== "").join(" ")}
            checked={wantedOf(role.id) ?? isHeld}
            disabled={lock !== null}
            onChange={(event) => change(role, event.currentTarget.checked)}
          />
        ))}
        {failure !== undefined && <ErrorNote error={failure} />}
      </Stack>
    </Card>
  );
}
