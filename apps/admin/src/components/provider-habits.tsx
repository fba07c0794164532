import type { ReactNode } from "react";
import type { RequestEntry } from "../queries.ts";
import "./provider-habits.css";

/** How a call departed from the standard: one badge, and what was done about it behind it. Nothing for a strict client. */
export function ProviderHabits({ habits }: { readonly habits: RequestEntry["habits"] }): ReactNode {
  const [first, ...others] = habits;
  if (first === undefined) return null;
  return (
    <details className="habits">
      <summary className="badge">{others.length === 0 ? first.title : `${habits.length} provider habits`}</summary>
      <ul className="plain">
        {habits.map(({ id, title, sends, tolerance, clients }) => (
          <li key={id}>
            {others.length > 0 && <strong>{title}</strong>}
            <div className="quiet">{sends}</div>
            <div>{tolerance}</div>
            <div className="quiet small">Known from {clients.join(", ")}</div>
          </li>
        ))}
      </ul>
    </details>
  );
}
