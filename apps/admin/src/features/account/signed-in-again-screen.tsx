import { type ReactNode, useEffect } from "react";
import { StandalonePage } from "../../ui/standalone-page.tsx";
import { signalProof } from "../proof/proof-signal.ts";

/** The last page of a repeated sign-in in its own window; the page that opened it continues. */
export function SignedInAgainScreen(): ReactNode {
  useEffect(() => {
    signalProof();
    window.close();
  }, []);
  return (
    <StandalonePage title="You signed in again">
      <p>Go on in the other window. You can close this one.</p>
    </StandalonePage>
  );
}
