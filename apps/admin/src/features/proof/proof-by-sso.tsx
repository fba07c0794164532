import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { inferOutput } from "@trpc/tanstack-react-query";
import { type ReactNode, useEffect } from "react";
import { type api, queryClient } from "../../api.ts";
import { ErrorNote } from "../../ui/error-note.tsx";
import { forgetEverything, sessionQuery } from "../../queries.ts";
import { onProofSignal } from "./proof-signal.ts";

type ProofBySsoProps = {
  readonly ways: inferOutput<typeof api.session.proofWays>;
  readonly answer: (isProven: boolean) => void;
};

/** Signs in again at the identity provider in a separate window, so that this page keeps its input. */
export function ProofBySso({ ways, answer }: ProofBySsoProps): ReactNode {
  const finish = useMutation({ mutationFn: isSamePerson, onSuccess: answer });
  const { mutate } = finish;
  useEffect(() => onProofSignal(() => mutate()), [mutate]);
  if (ways.ssoStartPath === null) return null;
  const start = `${ways.ssoStartPath}?again=1&next=${encodeURIComponent("/signed-in-again")}`;
  return (
    <>
      <Button variant="default" onClick={() => window.open(start, "rollcall-proof", "popup,width=520,height=680")}>
        Sign in again with single sign-on
      </Button>
      {finish.isError && <ErrorNote error={finish.error} />}
    </>
  );
}

/** If another person has signed in there, the mutation is canceled and all cached data is removed. */
async function isSamePerson(): Promise<boolean> {
  const former = queryClient.getQueryData(sessionQuery.queryKey);
  const now = await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
  const isSame = former?.account.id === now?.account.id && former?.organization?.id === now?.organization?.id;
  if (!isSame) await forgetEverything();
  return isSame;
}
