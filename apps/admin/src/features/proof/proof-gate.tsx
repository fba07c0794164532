import { lazy, type ReactNode, Suspense, useSyncExternalStore } from "react";
import { onQuestion, openQuestion } from "./proof-question.ts";

const ProofDialog = lazy(async () => ({ default: (await import("./proof-dialog.tsx")).ProofDialog }));

/** Shows the dialog for a proof over any screen. */
export function ProofGate(): ReactNode {
  const open = useSyncExternalStore(onQuestion, openQuestion);
  return open === undefined ? null : (
    <Suspense>
      <ProofDialog {...open} />
    </Suspense>
  );
}
