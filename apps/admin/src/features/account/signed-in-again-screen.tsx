import { type ReactNode, useEffect } from "react";
import { LonePage } from "../../ui/lone-page.tsx";
import { signalProof } from "../proof/proof-signal.ts";

/** Where the window of a repeated sign-in ends: the page that opened it goes on. */
export function SignedInAgainScreen(): ReactNode {
  useEffect(() => {
    signalProof();
    window.close();
  }, []);
  return (
    <LonePage title="You signed in again">
      <p>Go on in the other window. You can close this one.</p>
    </LonePage>
  );
}
