import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Moment } from "../../ui/moment.tsx";
import { TurnOnDialog } from "../provisioning/turn-on-dialog.tsx";
import { CheckRow } from "./check-row.tsx";
import { type Setup, stateIn } from "./setup-queries.ts";

/** The state of the default role, and the switch. The card below sets the role. */
export function TurnOnStep({ setup }: { readonly setup: Setup }): ReactNode {
  const [isAsking, setIsAsking] = useState(false);
  const { isEnabled, enabledAt, defaultRole, hasSso } = setup.settings;
  return (
    <>
      <ul className="check-rows plain" aria-label="Turning on">
        <CheckRow state={stateIn(setup, "defaultRole")} title="Default role">
          <p className="quiet">
            {defaultRole === null ? (
              "Choose one below and save it."
            ) : (
              <>
                New people get the role <strong>{defaultRole.name}</strong>. Choose another one below if that is too
                much or too little.
              </>
            )}
          </p>
        </CheckRow>
        <CheckRow
          state={stateIn(setup, "provisioningOn")}
          title="Provisioning"
          action={
            !isEnabled && (
              <Button
                size="xs"
                disabled={defaultRole === null}
                aria-describedby={defaultRole === null ? "role-first" : undefined}
                onClick={() => setIsAsking(true)}
              >
                Turn on…
              </Button>
            )
          }
        >
          <p className="quiet" id="role-first">
            {isEnabled && enabledAt !== null ? (
              <>
                Turned on <Moment at={enabledAt} />. Nothing happens until your identity provider sends a request.
              </>
            ) : (
              "Off: your identity provider would be refused. It can be turned on once there is a default role, and off again at any time."
            )}
          </p>
        </CheckRow>
      </ul>
      <TurnOnDialog
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        defaultRoleName={defaultRole?.name ?? null}
        hasSso={hasSso}
      />
    </>
  );
}
