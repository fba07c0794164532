import type { ReactNode } from "react";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { Note } from "../../ui/note.tsx";
import type { SsoReport } from "./sso-queries.ts";
import "./test-report.css";

type Line = SsoReport["lines"][number];

const checkLabels = {
  signature: "Signed by the trusted provider",
  issuer: "From the trusted issuer",
  audience: "Meant for this organization",
  recipient: "Sent to the ACS URL",
  time: "Valid now",
  request: "Responds to our request",
  nameId: "Names an email address",
  member: "Belongs to an active member",
} as const satisfies Record<Line["check"], string>;

const outcomeBadges = {
  passed: ["good", "Passed"],
  failed: ["bad", "Failed"],
  skipped: ["neutral", "Not reached"],
} as const satisfies Record<Line["outcome"], readonly [Tone, string]>;

/** The result of a connection test, by check. */
export function TestReport({ report }: { readonly report: SsoReport }): ReactNode {
  const who = report.nameId === null ? "" : ` The provider named ${report.nameId}.`;
  return (
    <div className="stacked">
      <Note tone={report.isOk ? "good" : "bad"} isAnnounced>
        {report.isOk ? `Single sign-on works.${who}` : `Single sign-on does not work yet.${who}`}
      </Note>
      <ul className="checks" aria-label="What was checked">
        {report.lines.map((line) => (
          <ReportLine key={line.check} line={line} />
        ))}
      </ul>
    </div>
  );
}

function ReportLine({ line: { check, outcome, detail } }: { readonly line: Line }): ReactNode {
  const [tone, label] = outcomeBadges[outcome];
  return (
    <li>
      <div>
        {checkLabels[check]}
        {detail !== null && <p className="quiet small">{detail}</p>}
      </div>
      <Badge tone={tone} dot>
        {label}
      </Badge>
    </li>
  );
}
