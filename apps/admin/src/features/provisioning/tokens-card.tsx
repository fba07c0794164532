import { Button } from "@mantine/core";
import { activeTokensMax } from "@rollcall/domain";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { type Token, tokensQuery } from "../../queries.ts";
import { IssueTokenDialog } from "./issue-token-dialog.tsx";
import { RevokeTokenDialog } from "./revoke-token-dialog.tsx";
import { RotateTokenDialog } from "./rotate-token-dialog.tsx";
import { RotationWatch } from "./rotation-watch.tsx";
import { TokenTable } from "./token-table.tsx";

type Asking = { readonly what: "issue" } | { readonly what: "revoke" | "rotate"; readonly token: Token };

/** The organization's SCIM tokens and their actions. */
export function TokensCard(): ReactNode {
  const tokens = useQuery(tokensQuery);
  const [asking, setAsking] = useState<Asking>();
  const close = (): void => setAsking(undefined);
  const isFull = (tokens.data ?? []).filter(({ status }) => status === "ACTIVE").length >= activeTokensMax;
  return (
    <Card
      title="SCIM tokens"
      lead={`Your identity provider signs in with a token. It belongs to the organization, lasts a year, and at most ${activeTokensMax} are active at a time.`}
      aside={
        <Button
          disabled={isFull || tokens.isPending}
          aria-describedby={isFull ? "tokens-full" : undefined}
          onClick={() => setAsking({ what: "issue" })}
        >
          Generate token
        </Button>
      }
    >
      {isFull && (
        <p id="tokens-full" className="quiet small before">
          {`${activeTokensMax} tokens are active, which is the most. Revoke one to generate another.`}
        </p>
      )}
      <QueryStatus query={tokens} count={3} height={56} />
      {tokens.data?.length === 0 && (
        <EmptyNote title="No tokens yet">Generate one and paste it into your identity provider.</EmptyNote>
      )}
      {tokens.data !== undefined && (
        <RotationWatch tokens={tokens.data} onEnd={(token) => setAsking({ what: "revoke", token })} />
      )}
      {tokens.data !== undefined && tokens.data.length > 0 && (
        <TokenTable
          tokens={tokens.data}
          onRotate={(token) => setAsking({ what: "rotate", token })}
          onRevoke={(token) => setAsking({ what: "revoke", token })}
        />
      )}
      <IssueTokenDialog opened={asking?.what === "issue"} onClose={close} />
      <RotateTokenDialog token={asking?.what === "rotate" ? asking.token : undefined} onClose={close} />
      <RevokeTokenDialog token={asking?.what === "revoke" ? asking.token : undefined} onClose={close} />
    </Card>
  );
}
