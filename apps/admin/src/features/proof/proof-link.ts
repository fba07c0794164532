import type { AppRouter } from "@rollcall/api";
import type { TRPCLink } from "@trpc/client";
import { observable, type Unsubscribable } from "@trpc/server/observable";
import { proofQuestionOf } from "../../api-error.ts";
import { askForProof } from "./proof-question.ts";

/** Asks the person for a proof if the server requires one, then repeats the mutation. */
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
