import type { ReactNode } from "react";
import type { RequestEntry } from "./request-queries.ts";
import "./known-deviations.css";

/** The known deviations of a request: a badge that opens their list; nothing for a strict client. */
export function KnownDeviations({ deviations }: { readonly deviations: RequestEntry["knownDeviations"] }): ReactNode {
  const [first, ...others] = deviations;
  if (first === undefined) return null;
  return (
    <details className="known-deviations">
      <summary className="badge">{others.length === 0 ? first.title : `${deviations.length} known deviations`}</summary>
      <DeviationList deviations={deviations} isTitled={others.length > 0} />
    </details>
  );
}

type DeviationListProps = { readonly deviations: RequestEntry["knownDeviations"]; readonly isTitled?: boolean };

/** Each deviation: what was sent, how Rollcall handled it, and the known clients. */
export function DeviationList({ deviations, isTitled = true }: DeviationListProps): ReactNode {
  return (
    <ul className="plain deviation-list">
      {deviations.map(({ id, title, sends, tolerance, clients }) => (
        <li key={id}>
          {isTitled && <strong>{title}</strong>}
          <div className="quiet">{sends}</div>
          <div>{tolerance}</div>
          <div className="quiet small">Known from {clients.join(", ")}</div>
        </li>
      ))}
    </ul>
  );
}
