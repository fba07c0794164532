import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { Note } from "../../ui/note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { setSsoRequiredMutation, type SsoConnection } from "./sso-queries.ts";

/** Whether single sign-on is required, and the switch. */
export function RequirementCard({ connection }: { readonly connection: SsoConnection | null }): ReactNode {
  const [isAsking, setIsAsking] = useState(false);
  const save = useMutation(setSsoRequiredMutation);
  const isRequired = connection?.isRequired ?? false;
  const close = (): void => {
    setIsAsking(false);
    save.reset();
  };
  const onSuccess = (): void => {
    showSuccess(isRequired ? "Passwords work again." : "Single sign-on is required.");
    close();
  };
  return (
    <Card
      title="Require single sign-on"
      lead="Members can then sign in with the identity provider only. Owners can always use their password, so that a wrong setting locks no one out."
      aside={
        <Button
          variant={isRequired ? "default" : "filled"}
          disabled={connection === null}
          aria-describedby={connection === null ? "requirement-needs" : undefined}
          onClick={() => setIsAsking(true)}
        >
          {isRequired ? "No longer require…" : "Require…"}
        </Button>
      }
    >
      {connection === null ? (
        <p id="requirement-needs" className="quiet small">
          Name your identity provider first.
        </p>
      ) : (
        <Badge tone={isRequired ? "good" : "neutral"} dot>
          {isRequired ? "Required" : "Not required"}
        </Badge>
      )}
      <Modal
        opened={isAsking}
        onClose={close}
        title={isRequired ? "Let passwords work again?" : "Require single sign-on?"}
      >
        <DialogForm
          submit={isRequired ? "Let passwords work" : "Require it"}
          mutation={save}
          onSubmit={() => save.mutate({ isRequired: !isRequired }, { onSuccess })}
          onCancel={close}
        >
          {isRequired ? <p>Members who have a password can sign in with it as well.</p> : <WhatFollows />}
          {!isRequired && connection?.testedAt === null && (
            <Note tone="warn">
              The connection has not been tested since it was set up. Test it first, or members may be locked out.
            </Note>
          )}
        </DialogForm>
      </Modal>
    </Card>
  );
}

function WhatFollows(): ReactNode {
  return (
    <ul className="plain-list">
      <li>
        Members who are signed in with a password are signed out immediately, and sign in again with single sign-on.
      </li>
      <li>Owners, and the people on the list below, can still use a password if they have one.</li>
    </ul>
  );
}
