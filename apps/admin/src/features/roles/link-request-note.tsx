import { actorLabel } from "@rollcall/domain";
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Note } from "../../ui/note.tsx";
import { setLinkedMutation } from "../../queries.ts";
import { setupQuery } from "../setup/setup-queries.ts";
import { providerNames } from "../setup/step-messages.ts";
import { showUndoable, undoBy } from "./undo-toast.tsx";

type LinkRequestNoteProps = {
  readonly role: { readonly id: string; readonly name: string };
  /** The name of the token of the refused request. */
  readonly tokenName: string;
};

/** The identity provider tried to manage a role that owners created; owners can allow it. */
export function LinkRequestNote({ role, tokenName }: LinkRequestNoteProps): ReactNode {
  const { id, name } = role;
  const setLinked = useMutation(setLinkedMutation);
  const provider = useQuery(setupQuery).data?.progress?.provider ?? "other";
  const who = provider === "other" ? actorLabel("token", tokenName) : providerNames[provider];
  // The note has disappeared by then.
  const sayDone = (): void =>
    showUndoable(`${who} manages ${name} from its next push on.`, () =>
      undoBy(setLinkedMutation, { id, isLinked: false }, `${name} is managed here again.`),
    );
  return (
    <Note tone="info">
      <p>
        <strong>
          {who} asks to manage {name}.
        </strong>{" "}
        It was refused, because the role was made here. If you allow it, the group in your identity provider may add
        people to this role and remove those it added. Current members stay.
      </p>
      <Button
        size="xs"
        mt="xs"
        aria-label={`Allow: ${name}`}
        loading={setLinked.isPending}
        onClick={() => void setLinked.mutateAsync({ id, isLinked: true }).then(sayDone, shownBelow)}
      >
        Allow
      </Button>
      {setLinked.isError && <ErrorNote error={setLinked.error} />}
    </Note>
  );
}

/** The mutation's state shows the error. */
function shownBelow(): void {}
