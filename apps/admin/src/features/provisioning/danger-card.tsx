import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Card } from "../../ui/card.tsx";
import { type Provisioning, tokensQuery } from "../../queries.ts";
import { RevokeAllTokensDialog } from "./revoke-all-tokens-dialog.tsx";
import { TurnOffDialog } from "./turn-off-dialog.tsx";
import "./danger.css";

/** The actions that disconnect the identity provider; each needs a typed confirmation. */
export function DangerCard({ provisioning }: { readonly provisioning: Provisioning }): ReactNode {
  const [asking, setAsking] = useState<"turnOff" | "revokeTokens">();
  const tokens = useQuery(tokensQuery);
  const active = (tokens.data ?? []).filter(({ status }) => status === "ACTIVE").length;
  const close = (): void => setAsking(undefined);
  return (
    <div className="danger">
      <Card
        title="Danger zone"
        lead="Actions that disconnect your identity provider. Each one shows its effects before you confirm."
      >
        <ul className="rows plain">
          <li>
            <div>
              <strong>Turn provisioning off</strong>
              <p className="quiet small">
                {provisioning.isEnabled
                  ? "Your identity provider’s requests are refused. You choose what happens to its people: unlock them, keep them locked, or remove them."
                  : "Provisioning is off already."}
              </p>
            </div>
            {provisioning.isEnabled && (
              <Button color="brick" variant="outline" onClick={() => setAsking("turnOff")}>
                Turn off…
              </Button>
            )}
          </li>
          <li>
            <div>
              <strong>Revoke all tokens</strong>
              <p className="quiet small" id="revoke-tokens-why">
                {active === 0
                  ? "No token is active."
                  : "Use this if a token may have leaked. All requests are refused until your identity provider has a new token. Members do not change."}
              </p>
            </div>
            <Button
              color="brick"
              variant="outline"
              disabled={active === 0}
              aria-describedby="revoke-tokens-why"
              onClick={() => setAsking("revokeTokens")}
            >
              Revoke all tokens…
            </Button>
          </li>
        </ul>
        <TurnOffDialog opened={asking === "turnOff"} onClose={close} />
        <RevokeAllTokensDialog opened={asking === "revokeTokens"} onClose={close} count={active} />
      </Card>
    </div>
  );
}
