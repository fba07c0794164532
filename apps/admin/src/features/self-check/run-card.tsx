import { Button, NativeSelect } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { selfCheckProviders } from "@rollcall/domain";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { providerNames, type SelfCheck, startSelfCheckMutation } from "./self-check-queries.ts";

const options = selfCheckProviders.map((value) => ({ value, label: providerNames[value] }));

/** Chooses the provider and starts a run. `last`: the current or last run. */
export function RunCard({ last }: { readonly last: SelfCheck | null }): ReactNode {
  const search = useSearch({ from: "/shell/owner/checks" });
  const navigate = useNavigate();
  const start = useMutation(startSelfCheckMutation);
  const isRunning = last?.state === "running";
  const provider = (isRunning ? last.provider : search.provider) ?? last?.provider ?? "okta";
  return (
    <Card
      title="Run the checks"
      lead="Rollcall copies your settings, roles and domains into a sandbox, sends it every request the provider would send, and deletes the sandbox afterwards. No person, role or log entry of this organization is changed, and no email is sent."
    >
      <form
        className="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate({ provider });
        }}
      >
        <NativeSelect
          label="Identity provider"
          value={provider}
          data={options}
          disabled={isRunning}
          description={
            isRunning ? "It can be changed when the run has ended." : "The provider whose requests are sent."
          }
          inputWrapperOrder={["label", "input", "description"]}
          onChange={(event) => {
            const chosen = selfCheckProviders.find((known) => known === event.currentTarget.value);
            start.reset();
            void navigate({ to: "/checks", search: chosen === undefined ? {} : { provider: chosen }, replace: true });
          }}
        />
        <Button
          type="submit"
          loading={start.isPending || isRunning}
          leftSection={<IconPlayerPlay size={16} stroke={1.75} aria-hidden />}
        >
          Run the checks
        </Button>
      </form>
      {start.isError && (
        <div className="after">
          <ErrorNote error={start.error} />
        </div>
      )}
    </Card>
  );
}
