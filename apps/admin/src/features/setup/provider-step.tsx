import { IconCheck, IconChevronRight } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { chooseProviderMutation, type Setup } from "./setup-queries.ts";

const choices = [
  { provider: "okta", name: "Okta", what: "Workforce Identity Cloud, with an app integration of your own" },
  {
    provider: "entra",
    name: "Microsoft Entra ID",
    what: "Formerly Azure Active Directory, with an enterprise application",
  },
  {
    provider: "other",
    name: "Another provider",
    what: "Anything that speaks SCIM 2.0: OneLogin, JumpCloud, PingOne, authentik",
  },
] as const;

/** The choice of the provider, which opens the next step. */
export function ProviderStep({ setup }: { readonly setup: Setup }): ReactNode {
  const navigate = useNavigate();
  const choose = useMutation(chooseProviderMutation);
  return (
    <>
      <ul className="provider-choices plain">
        {choices.map(({ provider, name, what }) => {
          const isChosen = setup.progress?.provider === provider;
          const Icon = isChosen ? IconCheck : IconChevronRight;
          return (
            <li key={provider}>
              <button
                type="button"
                aria-pressed={isChosen}
                disabled={choose.isPending}
                onClick={() =>
                  choose.mutate(
                    { provider },
                    { onSuccess: () => void navigate({ to: "/setup", search: { step: "prerequisites" } }) },
                  )
                }
              >
                <span>
                  <strong>{name}</strong>
                  <span className="quiet small">{what}</span>
                </span>
                <Icon size={20} stroke={2} aria-hidden />
              </button>
            </li>
          );
        })}
      </ul>
      {choose.isError && <ErrorNote error={choose.error} />}
    </>
  );
}
