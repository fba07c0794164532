import { describeChange, withFullStop } from "@rollcall/domain";
import type { ReactNode } from "react";
import type { ActivityEntry } from "../../queries.ts";
import { Badge } from "../../ui/badge.tsx";
import { EntryLinks } from "./entry-links.tsx";
import { LogMoment } from "../../ui/moment.tsx";

type ActivityEntryItemProps = {
  readonly entry: ActivityEntry;
  /** The IP address, if known. */
  readonly origin?: string | undefined;
  /** The member or role whose page shows the entry; it gets no link. */
  readonly here?: string | undefined;
};

/** An entry of the change log in one sentence; the values before and after are in a disclosure. */
export function ActivityEntryItem({ entry, origin, here }: ActivityEntryItemProps): ReactNode {
  const { before, after, requestId, refusal } = entry;
  return (
    <li className="entry">
      <div className="entry-time small">
        <LogMoment at={entry.at} />
      </div>
      <div className="entry-text">
        {refusal !== null && <Badge tone="bad">Refused</Badge>}
        <p>{withFullStop(describeChange({ ...entry, before, after }))}</p>
        {origin !== undefined && <p className="quiet small">{origin}</p>}
        <EntryLinks entry={entry} here={here} />
        <details>
          <summary className="small">Details</summary>
          <dl className="facts small">
            <dt>Kind</dt>
            <dd>
              <code>{entry.kind}</code>
            </dd>
            {refusal !== null && (
              <>
                <dt>Refused by rule</dt>
                <dd>
                  <code>{refusal}</code>
                </dd>
              </>
            )}
            <dt>Before</dt>
            <dd>
              <Values values={before} />
            </dd>
            <dt>After</dt>
            <dd>
              <Values values={after} />
            </dd>
            {requestId !== null && (
              <>
                <dt>Request</dt>
                <dd>
                  <code>{requestId}</code>
                </dd>
              </>
            )}
          </dl>
        </details>
      </div>
    </li>
  );
}

function Values({ values }: { readonly values: unknown }): ReactNode {
  if (values === null || values === undefined) return <span className="quiet">Nothing</span>;
  return <code className="values">{JSON.stringify(values, null, 2)}</code>;
}
