import type { ProofQuestion } from "../../api-error.ts";

type Answer = (isProven: boolean) => void;
type OpenQuestion = { readonly question: ProofQuestion; readonly answer: Answer };

let open: OpenQuestion | undefined;
let waiting: readonly Answer[] = [];
const listeners = new Set<() => void>();

/** Asks the person for a proof; answers false if they cancel. Mutations refused together share one question. */
export function askForProof(question: ProofQuestion, answer: Answer): void {
  waiting = [...waiting, answer];
  if (waiting.length > 1) return;
  const answerAll: Answer = (isProven) => {
    const answered = waiting;
    waiting = [];
    show(undefined);
    for (const one of answered) one(isProven);
  };
  show({ question, answer: answerAll });
}

export function openQuestion(): OpenQuestion | undefined {
  return open;
}

/** Calls `listener` when a question is opened or answered. Returns the unsubscribe function. */
export function onQuestion(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function show(next: OpenQuestion | undefined): void {
  open = next;
  for (const listener of listeners) listener();
}
