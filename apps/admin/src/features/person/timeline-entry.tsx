import { browserName } from "@rollcall/domain";
import type { ReactNode } from "react";
import { ActivityEntryItem } from "../activity/activity-entry.tsx";
import { LogMoment } from "../../ui/moment.tsx";
import { exactTime } from "../../ui/time-format.ts";
import type { TimelineItem } from "./person-queries.ts";

/** An entry of a person's history, with its actor and origin. */
export function TimelineEntry({ item, here }: { readonly item: TimelineItem; readonly here: string }): ReactNode {
  return item.what === "change" ? (
    <ActivityEntryItem entry={item.entry} origin={originLabel(item)} here={here} />
  ) : (
    <SignInItem item={item} />
  );
}

export function idOf(item: TimelineItem): string {
  return item.what === "change" ? item.entry.id : item.id;
}

export function timeOf(item: TimelineItem): string {
  return item.what === "change" ? item.entry.at : item.at;
}

type ChangeItem = Extract<TimelineItem, { what: "change" }>;
type SignIn = Extract<TimelineItem, { what: "signIn" }>;

function originLabel({ entry, origin }: ChangeItem): string | undefined {
  switch (entry.actor.kind) {
    case "token": {
      const known = [origin?.client, origin?.ip].filter((part) => part !== null && part !== undefined);
      return known.length === 0 ? "Over SCIM" : `Over SCIM, from ${known.join(" at ")}`;
    }
    case "person":
      return "In the console";
    case "operator":
      return "On the operator’s command line";
    case "system":
      return undefined;
  }
}

const methods = {
  password: "with a password",
  sso: "with single sign-on",
  invitation: "by an invitation",
} as const satisfies Record<SignIn["method"], string>;

function SignInItem({ item }: { readonly item: SignIn }): ReactNode {
  const { at, method, userAgent, ip, endedAt } = item;
  const from = [browserName(userAgent).replace(/^A /, "a "), ip].filter((part) => part !== null).join(" at ");
  return (
    <li className="entry">
      <div className="entry-time small">
        <LogMoment at={at} />
      </div>
      <div className="entry-text">
        <p>Signed in {methods[method]}.</p>
        <p className="quiet small">
          From {from}
          {endedAt === null ? "" : `; signed out ${exactTime(endedAt)}`}
        </p>
      </div>
    </li>
  );
}
