import type { ProofQuestion } from "../../api-error.ts";

type Answer = (isProven: boolean) => void;
type OpenQuestion = { readonly question: ProofQuestion; readonly answer: Answer };

let open: OpenQuestion | undefined;
let waiting: readonly Answer[] = [];
const listeners = new Set<() => void>();

/** Asks the person to prove who they are; false where they cancel. Mutations that are refused together ask once. */
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

/** Calls `listener` when a question is opened or answered. Returns how to end that. */
export function onQuestion(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function show(next: OpenQuestion | undefined): void {
  open = next;
  for (const listener of listeners) listener();
}
