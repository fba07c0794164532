import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { whyNotHereQuery } from "./person-queries.ts";
import { StandingNote } from "./standing-note.tsx";
import "./person.css";

type WhyNotHereProps = {
  /** The person in question, from the page's address. */
  readonly asked: string | undefined;
  /** The search term without a match. */
  readonly suggested: string | undefined;
  readonly onAsk: (address: string) => void;
};

/** Explains from the organization's logs why a person is not among the members. */
export function WhyNotHere({ asked, suggested, onAsk }: WhyNotHereProps): ReactNode {
  const [address, setAddress] = useState(asked ?? suggested ?? "");
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
  if (!standing.isSuccess) return <QueryStatus query={standing} count={1} height={72} />;
  return <StandingNote standing={standing.data} isAnswer />;
}
