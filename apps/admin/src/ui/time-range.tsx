import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";

type TimeRangeProps = {
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly onChange: (part: { readonly since?: string | undefined; readonly until?: string | undefined }) => void;
};

/** A time range in the viewer's time zone; the values are in UTC. */
export function TimeRange({ since, until, onChange }: TimeRangeProps): ReactNode {
  return (
    <>
      <TextInput
        type="datetime-local"
        label="From (your time)"
        value={localTime(since)}
        onChange={(event) => onChange({ since: utcTime(event.currentTarget.value) })}
      />
      <TextInput
        type="datetime-local"
        label="Until (your time)"
        value={localTime(until)}
        onChange={(event) => onChange({ until: utcTime(event.currentTarget.value) })}
      />
    </>
  );
}

/** The value of a `datetime-local` input: in the viewer's zone, to the minute. */
function localTime(iso: string | undefined): string {
  if (iso === undefined) return "";
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function utcTime(local: string): string | undefined {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
