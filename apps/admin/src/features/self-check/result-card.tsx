import { type ReactNode, useState } from "react";
import { Card } from "../../ui/card.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import { countsOf, formatDuration, stateBadges, verdictOf } from "./run-messages.ts";
import { providerNames, type SelfCheck } from "./self-check-queries.ts";
import "./self-check.css";
import { StepList } from "./step-list.tsx";
import { TranscriptActions } from "./transcript-actions.tsx";

/** The current or last run: its outcome and its transcript by part. Needs a key for each run. */
export function ResultCard({ check }: { readonly check: SelfCheck }): ReactNode {
  const { state, steps, startedAt, endedAt, startedBy, provider } = check;
  // A part that has passed is collapsed, unless the owner has seen the run.
  const [isFollowed] = useState(state === "running");
  const parts = [...Map.groupBy(steps, ({ part }) => part)];
  return (
    <Card
      title={state === "running" ? "This run" : "Last run"}
      lead={
        <>
          {providerNames[provider]}, started by {startedBy} <Moment at={startedAt} />
          {endedAt !== null && `, took ${formatDuration(Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)))}`}
        </>
      }
      aside={<TranscriptActions check={check} />}
    >
      <div className="stacked">
        <output className="check-verdict">
          <Note tone={stateBadges[state][0]}>
            <p>{verdictOf(check, providerNames[provider])}</p>
          </Note>
        </output>
        <p className="quiet small">{countsOf(steps)}</p>
        {parts.map(([part, steps]) => (
          <StepList
            key={part}
            checkId={check.id}
            part={part}
            steps={steps}
            isOpen={isFollowed || steps.some(({ outcome }) => outcome !== "passed")}
          />
        ))}
      </div>
    </Card>
  );
}
