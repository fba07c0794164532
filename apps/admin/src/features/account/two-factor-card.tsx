import { Button } from "@mantine/core";
import { formatCount } from "@rollcall/domain";
import { type ReactNode, useState } from "react";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Note } from "../../ui/note.tsx";
import type { Account } from "./account-queries.ts";
import { EndTwoFactorDialog } from "./end-two-factor-dialog.tsx";
import { SetUpTwoFactorDialog } from "./set-up-two-factor-dialog.tsx";

const fewCodes = 3;

/** Two-factor sign-in is never managed by a directory. */
export function TwoFactorCard({ account }: { readonly account: Account }): ReactNode {
  const [dialog, setDialog] = useState<"setUp" | "end" | undefined>();
  const { isOn, recoveryCodesLeft } = account.twoFactor;
  const close = (): void => setDialog(undefined);
  return (
    <Card
      title="Two-factor sign-in"
      lead="Sign-in asks for a code from an authenticator app after your password."
      aside={
        <Badge tone={isOn ? "good" : "neutral"} dot>
          {isOn ? "On" : "Off"}
        </Badge>
      }
    >
      <div className="stacked">
        {isOn && recoveryCodesLeft <= fewCodes && (
          <Note tone="warn">
            {recoveryCodesLeft === 0
              ? "No recovery code is left."
              : `Only ${formatCount(recoveryCodesLeft, "recovery code")} left.`}{" "}
            Turn two-factor sign-in off and on again to get new ones.
          </Note>
        )}
        {isOn && recoveryCodesLeft > fewCodes && (
          <p className="small quiet">{recoveryCodesLeft} recovery codes are left.</p>
        )}
        <Button
          variant="default"
          mr="auto"
          onClick={() => setDialog(isOn ? "end" : "setUp")}
          disabled={!account.hasPassword}
        >
          {isOn ? "Turn off…" : "Turn on…"}
        </Button>
        {!account.hasPassword && (
          <p className="small quiet">You have no password, so there is nothing to add a second factor to.</p>
        )}
      </div>
      <SetUpTwoFactorDialog opened={dialog === "setUp"} onClose={close} />
      <EndTwoFactorDialog opened={dialog === "end"} onClose={close} />
    </Card>
  );
}
