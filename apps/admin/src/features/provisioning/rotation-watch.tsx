import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Moment } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import type { Token } from "../../queries.ts";

type RotationWatchProps = { readonly tokens: readonly Token[]; readonly onEnd: (old: Token) => void };

/**
 * Each rotation in progress: whether the new token has been used, and when the old one ends. The list
 * of tokens is refetched every few seconds meanwhile (see `tokensQuery`).
 */
export function RotationWatch({ tokens, onEnd }: RotationWatchProps): ReactNode {
  const rotations = tokens.flatMap((old) => {
    const next = tokens.find(({ replacesId, status }) => replacesId === old.id && status === "ACTIVE");
    return old.endsAt === null || next === undefined ? [] : [{ old, next, endsAt: old.endsAt }];
  });
  if (rotations.length === 0) return null;
  return (
    <section className="notes" aria-label="Rotations under way">
      {rotations.map(({ old, next, endsAt }) => (
        <Note key={old.id} tone={next.lastUsedAt === null ? "info" : "good"}>
          <output>
            {next.lastUsedAt === null ? (
              <>
                Waiting for the first request with the new token <strong>{next.name}</strong>: put it into your identity
                provider. The old one ends <Moment at={endsAt} />.
              </>
            ) : (
              <>
                The new token <strong>{next.name}</strong> is in use: last request <Moment at={next.lastUsedAt} />.{" "}
                {oldUse(old, next)}
              </>
            )}
          </output>
          {next.lastUsedAt !== null && (
            <Button
              size="xs"
              variant="default"
              aria-label={`Revoke the old token now: ${old.name}`}
              onClick={() => onEnd(old)}
            >
              Revoke the old token now
            </Button>
          )}
        </Note>
      ))}
    </section>
  );
}

function oldUse(old: Token, next: Token): ReactNode {
  if (old.lastUsedAt === null) return "The old one was never used.";
  const isStillUsed = Date.parse(old.lastUsedAt) > Date.parse(next.createdAt);
  return (
    <>
      The last request with the old one was <Moment at={old.lastUsedAt} />
      {isStillUsed ? ", after the new one was made: something still uses it." : "."}
    </>
  );
}
