import { Button } from "@mantine/core";
import { formatPeople, type PeopleTreatment } from "@rollcall/domain";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import type { Provisioning } from "../../queries.ts";
import { resumePeopleJobMutation } from "./provisioning-queries.ts";
import "./danger.css";

type PeopleJob = NonNullable<Provisioning["peopleJob"]>;

/** `state`: what holds for all of them while it goes on. */
type JobText = Readonly<Record<"title" | "did" | "state", string>>;

const jobTexts: Readonly<Record<PeopleTreatment, JobText>> = {
  release: {
    title: "Unlocking people",
    did: "unlocked",
    state: "Everyone keeps their access and roles, and account locks have ended for all of them already.",
  },
  keepLocked: {
    title: "Clearing the external ids of people",
    did: "done",
    state: "Everyone keeps their access, roles and account locks.",
  },
  remove: {
    title: "Removing people",
    did: "removed",
    state:
      "None of them has access anymore: those who are not removed yet can’t sign in to this organization either, and their sessions have ended.",
  },
  applyMappings: {
    title: "Applying the mappings",
    did: "processed",
    state:
      "The list is saved. Roles are updated person by person. New requests from the directory already follow the new list.",
  },
};

/** The id of the note's element. */
export const peopleJobId = "people-job";

/** The progress, failure or result of the work on many people. */
export function PeopleJobNote({ job }: { readonly job: PeopleJob }): ReactNode {
  const resume = useMutation(resumePeopleJobMutation);
  const note = useRef<HTMLDivElement>(null);
  const isOfMappings = job.choice === "applyMappings";
  // The owner who turns provisioning off confirms at the end of the screen, and the note is at its beginning.
  useEffect(() => {
    if (!isOfMappings) note.current?.scrollIntoView({ block: "center" });
  }, [isOfMappings]);
  const { title, did, state } = jobTexts[job.choice];
  if (job.endedAt !== null)
    return isOfMappings ? (
      <div className="after">
        <output className="quiet small">
          The list was applied to {formatPeople(job.done)}. Finished <Moment at={job.endedAt} />.
        </output>
      </div>
    ) : (
      <div className="after" id={peopleJobId}>
        <Note tone="good" isAnnounced>
          <p>
            {formatPeople(job.done)} {did}. Finished <Moment at={job.endedAt} />.
          </p>
        </Note>
      </div>
    );
  const progress = `${job.done.toLocaleString("en")} of about ${formatPeople(job.people)} ${did}`;
  return (
    <div className="after stacked" id={peopleJobId} ref={note}>
      <Note tone={job.hasStopped ? "bad" : job.isFailing ? "warn" : "info"} isAnnounced={job.hasStopped}>
        <p>
          <strong>{title}</strong>
        </p>
        <progress aria-label={title} max={job.people} value={job.done} />
        <p>{progress}</p>
        <p>
          {state} {!isOfMappings && "Provisioning can be turned on again when this has finished. "}You can leave this
          page.
        </p>
        {job.isFailing && !job.hasStopped && <p>The last attempt failed. It is repeated automatically.</p>}
        {job.hasStopped && (
          <>
            <p>Several attempts failed, so this has stopped. Try again; if it fails again, ask Rollcall’s operator.</p>
            <Button variant="default" size="xs" mt="xs" loading={resume.isPending} onClick={() => resume.mutate()}>
              Try again
            </Button>
          </>
        )}
      </Note>
      {resume.isError && <ErrorNote error={resume.error} />}
    </div>
  );
}
