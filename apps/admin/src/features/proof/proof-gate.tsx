import { lazy, type ReactNode, Suspense, useSyncExternalStore } from "react";
import { onQuestion, openQuestion } from "./proof-question.ts";

const ProofDialog = lazy(async () => ({ default: (await import("./proof-dialog.tsx")).ProofDialog }));

/** Shows the dialog that asks for a proof, over whatever screen the mutation came from. */
export function ProofGate(): ReactNode {
  const open = useSyncExternalStore(onQuestion, openQuestion);
  return open === undefined ? null : (
    <Suspense>
      <ProofDialog {...open} />
    </Suspense>
  );
}
