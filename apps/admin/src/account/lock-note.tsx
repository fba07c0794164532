import type { ReactNode } from "react";
import { Note } from "../components/note.tsx";
import type { Lock } from "./account-queries.ts";

const words = {
  leave: "You cannot leave on your own.",
  changeEmail: "You cannot change your e-mail address here.",
  changePassword: "You cannot change your password here.",
} as const satisfies Record<Lock["action"], string>;

/** Who holds something of one's own, what to do, and whom to ask. */
export function LockNote({ lock }: { readonly lock: Lock }): ReactNode {
  const organizations = list(lock.organizations);
  return (
    <Note tone="info">
      <p>
        <strong>{words[lock.action]}</strong>{" "}
        {lock.isKept
          ? `${organizations} has kept your membership locked after its identity provider was turned off.`
          : `${organizations} manages your membership in its identity provider; changes are made there and arrive here by themselves.`}
      </p>
      <p>Ask an owner{lock.owners.length === 0 ? "" : `: ${list(lock.owners, "or")}`}.</p>
    </Note>
  );
}

function list(names: readonly string[], last = "and"): string {
  return new Intl.ListFormat("en", { type: last === "or" ? "disjunction" : "conjunction" }).format(names);
}
