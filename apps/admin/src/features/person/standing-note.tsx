import type { ReactNode } from "react";
import type { Tone } from "../../ui/badge.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import { NextStep, PersonLink } from "./next-step.tsx";
import type { Standing } from "./person-queries.ts";

const tones = {
  here: "good",
  ssoOnly: "info",
  awaits: "info",
  inactive: "warn",
  ended: "warn",
  invited: "info",
  invitationOver: "warn",
  refused: "bad",
  lookedFor: "warn",
  alike: "info",
  never: "neutral",
} as const satisfies Record<Standing["kind"], Tone>;

type StandingNoteProps = {
  readonly standing: Standing;
  /** Does the note answer a question, with a link to the person? */
  readonly isAnswer?: boolean;
};

/** Why a person is missing, or their status, and the next step. */
export function StandingNote({ standing, isAnswer = false }: StandingNoteProps): ReactNode {
  const { kind, text, at, person, next } = standing;
  return (
    <Note tone={tones[kind]} isAnnounced={isAnswer}>
      <p>
        {text}
        {at !== null && (
          <>
            , <Moment at={at} />
          </>
        )}
        .
      </p>
      <NextStep standing={standing} />
      {isAnswer && person !== null && next?.place !== "person" && (
        <p>
          <PersonLink id={person.id}>See what happened to {person.name}</PersonLink>
        </p>
      )}
    </Note>
  );
}
