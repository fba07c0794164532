import { formatCount, formatPeople } from "@rollcall/domain";
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
    "They are in the file, not inactive there, and not in this organization. Assign them to the application, or unassign and assign them again.",
  onlyInRollcall:
    "They have access here and are not in the file. Check whether they should; an owner must remove people who are not managed.",
  activeInFile: "The file says they are active; here they have no access. Push them again from your provider.",
  activeInRollcall:
    "In the file they are deactivated or suspended; here they have access. Unassign them in your provider, or have it push them again.",
  differs: "They are on both sides with different values. The next push from your provider brings its values here.",
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
  return `Compared ${formatPeople(people)} in the file with ${formatCount(members, "member")}. The same on both sides: ${same.toLocaleString("en")}.`;
}

function remarksOf({ hasStatus, repeated, skipped }: Comparison): readonly string[] {
  const remarks: string[] = [];
  if (!hasStatus) remarks.push("The file has no column with a status, so that nothing is said about who is active.");
  if (skipped > 0) remarks.push(`Left out: ${formatCount(skipped, "row")} without a user name.`);
  if (repeated > 0) remarks.push(`Left out: ${formatCount(repeated, "row")} with a repeated user name.`);
  return remarks;
}
