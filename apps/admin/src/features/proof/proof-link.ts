import type { AppRouter } from "@rollcall/api";
import type { TRPCLink } from "@trpc/client";
import { observable, type Unsubscribable } from "@trpc/server/observable";
import { proofQuestionOf } from "../../api-error.ts";
import { askForProof } from "./proof-question.ts";

/** Where the server asks for a proof of who the person is, asks the person for it and sends the mutation again. */
export const proofLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) => {
      let running: Unsubscribable | undefined;
      const send = (): void => {
        running = next(op).subscribe({
          next: (result) => observer.next(result),
          complete: () => observer.complete(),
          error: (error) => {
            const question = op.type === "mutation" ? proofQuestionOf(error) : undefined;
            if (question === undefined) return observer.error(error);
            askForProof(question, (isProven) => (isProven ? send() : observer.error(error)));
          },
        });
      };
      send();
      return () => running?.unsubscribe();
    });
