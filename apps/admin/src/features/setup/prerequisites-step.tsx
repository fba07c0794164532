import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Moment } from "../../ui/moment.tsx";
import { CheckRow } from "./check-row.tsx";
import { formatNames } from "../../ui/people-messages.ts";
import { SignInWays } from "../sso/sign-in-ways.tsx";
import { type Setup, stateIn } from "./setup-queries.ts";

type StepProps = { readonly setup: Setup };

/** The recommended prerequisites, each with its state or a link. */
export function PrerequisitesStep({ setup }: StepProps): ReactNode {
  return (
    <ul className="check-rows plain" aria-label="Prerequisites">
      <CheckRow
        state={stateIn(setup, "sso")}
        title="Single sign-on"
        action={
          stateIn(setup, "sso") !== "done" && (
            <Button size="xs" variant="default" renderRoot={(props) => <Link to="/settings/sso" {...props} />}>
              {setup.settings.hasSso ? "Test single sign-on" : "Set up single sign-on"}
            </Button>
          )
        }
      >
        <SsoMessage setup={setup} />
      </CheckRow>
      <CheckRow
        state={stateIn(setup, "verifiedDomain")}
        title="Verified domain"
        action={
          setup.settings.domainCount === 0 && (
            <Button size="xs" variant="default" renderRoot={(props) => <Link to="/settings/domains" {...props} />}>
              Verify a domain
            </Button>
          )
        }
      >
        <p className="quiet">{domainMessage(setup)}</p>
      </CheckRow>
      <CheckRow
        state={stateIn(setup, "breakGlassOwner")}
        title="Break-glass owner"
        action={
          !setup.owners.some(({ isLockExempt }) => isLockExempt) && (
            <Button size="xs" variant="default" renderRoot={(props) => <Link to="/settings/provisioning" {...props} />}>
              Exempt an owner
            </Button>
          )
        }
      >
        <p className="quiet">{ownerMessage(setup)}</p>
      </CheckRow>
    </ul>
  );
}

function SsoMessage({ setup }: StepProps): ReactNode {
  const { hasSso, ssoTestedAt, ssoAcknowledgedAt, ssoAcknowledgedBy } = setup.settings;
  if (ssoTestedAt !== null) {
    return (
      <p className="quiet">
        A test sign-in went well <Moment at={ssoTestedAt} />. People sign in through your identity provider.
      </p>
    );
  }
  if (hasSso) return <p className="quiet">It is set up but has not been tested since. A test takes a minute.</p>;
  if (ssoAcknowledgedAt !== null) {
    return (
      <p className="quiet">
        Not set up. {ssoAcknowledgedBy ?? "An owner"} said that it will follow, <Moment at={ssoAcknowledgedAt} />.
      </p>
    );
  }
  return (
    <p className="quiet">
      Not set up. It lets people sign in through your identity provider; people whom the directory adds get no password
      here. <SignInWays /> You may go on, and will be asked to confirm that it follows.
    </p>
  );
}

function domainMessage({ settings: { domains, domainCount } }: Setup): string {
  if (domainCount === 0) {
    return "None yet. It proves that an email domain is yours. Without one your directory cannot change addresses, and people with an account elsewhere have to accept first.";
  }
  return `${formatNames(domains, domainCount)}: your directory may add people and change addresses there.`;
}

function ownerMessage({ owners }: Setup): string {
  if (owners.length === 0) {
    return "No one. Every owner is managed by the directory or has no password, so a mistake in the identity provider could lock out all owners. Exempt one owner with a password from the locks.";
  }
  const exempt = owners.filter(({ isLockExempt }) => isLockExempt);
  if (exempt.length > 0)
    return `${formatNames(exempt)} can sign in with a password, whatever your identity provider says.`;
  return `${formatNames(owners)} can sign in with a password if your identity provider is unavailable. Exempt one owner from the locks, so that the password can also be changed or reset then.`;
}
