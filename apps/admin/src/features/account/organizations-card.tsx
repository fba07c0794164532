import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Card } from "../../ui/card.tsx";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { showSuccess } from "../../ui/toast.ts";
import type { Session } from "../../queries.ts";
import { type Account, leaveMutation } from "./account-queries.ts";
import { LockNote } from "./lock-note.tsx";

type OrganizationsCardProps = { readonly account: Account; readonly session: Session };

/** Only the current organization can be left; switch to another one to leave it. */
export function OrganizationsCard({ account, session }: OrganizationsCardProps): ReactNode {
  const [isLeaving, setLeaving] = useState(false);
  const { organization, organizations } = session;
  const lock = account.locks.leave;
  return (
    <Card
      title="Organizations"
      lead={organizations.length > 1 ? "Switch between them in the bar at the top." : undefined}
    >
      <div className="stacked">
        <ul className="rows plain">
          {organizations.map(({ id, name }) => (
            <li key={id}>
              <p>
                {name}
                {id === organization?.id && <span className="quiet"> (you are looking at it)</span>}
              </p>
              {id === organization?.id && (
                <Button
                  variant="default"
                  size="xs"
                  disabled={lock !== null}
                  aria-label={`Leave ${name}`}
                  onClick={() => setLeaving(true)}
                >
                  Leave…
                </Button>
              )}
            </li>
          ))}
        </ul>
        {lock !== null && <LockNote lock={lock} />}
      </div>
      {organization !== null && (
        <LeaveDialog organization={organization} opened={isLeaving} onClose={() => setLeaving(false)} />
      )}
    </Card>
  );
}

type LeaveDialogProps = {
  readonly organization: NonNullable<Session["organization"]>;
  readonly opened: boolean;
  readonly onClose: () => void;
};

function LeaveDialog({ organization, opened, onClose }: LeaveDialogProps): ReactNode {
  const leave = useMutation(leaveMutation);
  const close = (): void => {
    leave.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={`Leave ${organization.name}?`}>
      <DialogForm
        submit="Leave"
        mutation={leave}
        isDangerous
        onSubmit={() => {
          const onSuccess = (): void => {
            showSuccess(`You have left ${organization.name}.`);
            close();
          };
          leave.mutate({ organizationId: organization.id }, { onSuccess });
        }}
        onCancel={close}
      >
        <p>
          You lose access to {organization.name} at once, with your roles there. Only an owner can bring you back. Your
          account and your other organizations stay as they are.
        </p>
      </DialogForm>
    </Modal>
  );
}
