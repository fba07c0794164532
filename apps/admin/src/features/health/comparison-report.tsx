import { type ReactNode, useState } from "react";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { ColumnChoice } from "./column-choice.tsx";
import type { Comparison, FindingKind } from "./compare-upload.ts";
import { FindingList } from "./finding-list.tsx";

const titles: Readonly<Record<FindingKind, string>> = {
  onlyInFile: "Only in the file",
  onlyInRollcall: "Only here",
  activeInFile: "Active there, inactive here",
  activeInRollcall: "Inactive there, active here",
  differs: "Different values",
};

const meanings: Readonly<Record<FindingKind, string>> = {
  onlyInFile:
    "They are in the file, not ended there, and not in this organization. Assign them to the application, or assign them anew.",
  onlyInRollcall:
    "They have access here and are not in the file. Check whether they should; who is not managed must be removed by an owner.",
  activeInFile: "The file says they are active; here they have no access. Push them again from your provider.",
  activeInRollcall:
    "The file says they have ended or are suspended; here they have access. Unassign them in your provider, or have it push them again.",
  differs: "They are on both sides with other values. The next push from your provider brings its values here.",
};

type ReportProps = { readonly comparison: Comparison; readonly onColumn: (column: string) => void };

/** The differences, by kind. */
export function ComparisonReport({ comparison, onColumn }: ReportProps): ReactNode {
  const { found, columns, column } = comparison;
  const firstFound = found.find(({ total }) => total > 0)?.kind;
  const [kind, setKind] = useState<FindingKind | undefined>(firstFound);
  const open = found.find((one) => one.kind === kind);
  return (
    <section className="comparison" aria-label="Result of the comparison">
      <ul className="plain-list small quiet">
        {remarksOf(comparison).map((remark) => (
          <li key={remark}>{remark}</li>
        ))}
      </ul>
      {open === undefined ? (
        <EmptyNote title="No difference was found" />
      ) : (
        <>
          <fieldset className="bare tab-links" aria-label="Kinds of differences">
            {found.map((one) => (
              <button key={one.kind} type="button" aria-pressed={one.kind === kind} onClick={() => setKind(one.kind)}>
                {titles[one.kind]} <span className="tab-count">{one.total.toLocaleString("en")}</span>
              </button>
            ))}
          </fieldset>
          <p className="quiet small measure">{meanings[open.kind]}</p>
          {open.total === 0 ? (
            <EmptyNote title="No one" />
          ) : (
            <>
              <FindingList key={open.kind} title={titles[open.kind]} kind={open.kind} findings={open.findings} />
              {open.findings.length < open.total && (
                <p className="quiet small">
                  {`The first ${open.findings.length.toLocaleString("en")} of ${open.total.toLocaleString("en")} are listed.`}
                </p>
              )}
            </>
          )}
        </>
      )}
      <div className="after">
        <ColumnChoice
          columns={columns}
          chosen={column}
          description="If this is the wrong one, compare by another."
          onChoose={onColumn}
        />
      </div>
    </section>
  );
}

/** A summary in two sentences. */
export function summaryOf({ people, members, same }: Comparison): string {
  const [file, here, equal] = [people, members, same].map((count) => count.toLocaleString("en"));
  return `${file} people in the file were compared with ${here} here. ${equal} are the same on both sides.`;
}

function remarksOf({ hasStatus, repeated, skipped }: Comparison): readonly string[] {
  const remarks: string[] = [];
  if (!hasStatus) remarks.push("The file has no column with a status, so that nothing is said about who is active.");
  if (skipped > 0) remarks.push(`${skipped.toLocaleString("en")} rows without a user name were left out.`);
  if (repeated > 0) remarks.push(`${repeated.toLocaleString("en")} rows repeat a user name and were left out.`);
  return remarks;
}
