import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { whyNotHereQuery } from "./person-queries.ts";
import { StandingNote } from "./standing-note.tsx";
import "./person.css";

type WhyNotHereProps = {
  /** The person in question, from the page's address. */
  readonly asked: string | undefined;
  /** What was searched for and did not match. */
  readonly guess: string | undefined;
  readonly onAsk: (address: string) => void;
};

/** Explains from the organization's logs why a person is not among the members. */
export function WhyNotHere({ asked, guess, onAsk }: WhyNotHereProps): ReactNode {
  const [address, setAddress] = useState(asked ?? guess ?? "");
  const isEmpty = address.trim() === "";
  return (
    <section className="why" aria-labelledby="why-title">
      <h2 id="why-title">Can’t find someone?</h2>
      <form
        className="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isEmpty) onAsk(address.trim());
        }}
      >
        <TextInput
          label="Email address or user name"
          placeholder="pam@example.com"
          inputMode="email"
          autoComplete="off"
          maxLength={320}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={isEmpty} aria-describedby="why-hint">
          Ask why
        </Button>
      </form>
      <p id="why-hint" className="quiet small">
        {isEmpty ? "Enter an address first. " : ""}The explanation comes from the activity log and the requests of this
        organization.
      </p>
      {asked !== undefined && <Answer address={asked} />}
    </section>
  );
}

function Answer({ address }: { readonly address: string }): ReactNode {
  const standing = useQuery(whyNotHereQuery(address));
  if (standing.isPending) return <SkeletonLines count={1} height={72} />;
  if (standing.isError) return <ErrorNote error={standing.error} onRetry={() => void standing.refetch()} />;
  return <StandingNote standing={standing.data} isAnswer />;
}
