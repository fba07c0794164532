import type { ReactNode } from "react";
import { Badge, type Tone } from "../components/badge.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import { Note } from "../components/note.tsx";
import type { SsoReport } from "./sso-queries.ts";

type Line = SsoReport["lines"][number];

const checkWords = {
  signature: "Signed by the trusted provider",
  issuer: "From the trusted issuer",
  audience: "Meant for this organization",
  recipient: "Sent to the ACS URL",
  time: "Valid now",
  request: "Answers the question",
  nameId: "Names an e-mail address",
  member: "Belongs to an active member",
} as const satisfies Record<Line["check"], string>;

const outcomeWords = {
  passed: ["good", "Passed"],
  failed: ["bad", "Failed"],
  skipped: ["neutral", "Not reached"],
} as const satisfies Record<Line["outcome"], readonly [Tone, string]>;

/** What a test of the connection has found, check by check. */
export function TestReport({ report }: { readonly report: SsoReport }): ReactNode {
  const who = report.nameId === null ? "" : ` The provider named ${report.nameId}.`;
  return (
    <div className="stacked">
      <Note tone={report.isOk ? "good" : "bad"} isAnnounced>
        {report.isOk ? `Single sign-on works.${who}` : `Single sign-on does not work yet.${who}`}
      </Note>
      <DataTable caption="What was checked" columns={columns} rows={report.lines} keyOf={({ check }) => check} />
    </div>
  );
}

const columns: readonly Column<Line>[] = [
  { id: "check", header: "Check", cell: checkCell },
  { id: "outcome", header: "Outcome", cell: outcomeCell },
];

function checkCell({ check, detail }: Line): ReactNode {
  return (
    <>
      {checkWords[check]}
      {detail !== null && <div className="quiet">{detail}</div>}
    </>
  );
}

function outcomeCell({ outcome }: Line): ReactNode {
  const [tone, words] = outcomeWords[outcome];
  return (
    <Badge tone={tone} dot>
      {words}
    </Badge>
  );
}
