import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { EmptyNote } from "./empty-note.tsx";
import { Page } from "./page.tsx";

const places = {
  member: {
    title: "Member not found",
    why: "No member of this organization has this address. The link may be incomplete, or it leads to another organization.",
    to: "/members",
    label: "All members",
  },
  role: {
    title: "Role not found",
    why: "No role of this organization has this address. The role may have been deleted, or the link may be incomplete.",
    to: "/roles",
    label: "All roles",
  },
  request: {
    title: "Request not found",
    why: "No request has this address. Requests are kept for 30 days; older ones are deleted.",
    to: "/requests",
    label: "All requests",
  },
  entry: {
    title: "Activity entry not found",
    why: "No entry of this organization’s activity has this address. The link may be incomplete.",
    to: "/activity",
    label: "All activity",
  },
  page: {
    title: "Page not found",
    why: "No page has this address. It may be mistyped, or the page has moved.",
    to: "/",
    label: "Go to the start page",
  },
} as const;

/** Says what the address does not lead to, with the way to its list. */
export function MissingPage({ what }: { readonly what: keyof typeof places }): ReactNode {
  const { title, why, to, label } = places[what];
  return (
    <Page title={title}>
      <div className="card">
        <EmptyNote title={why}>
          <Button mt="xs" variant="default" renderRoot={(props) => <Link to={to} {...props} />}>
            {label}
          </Button>
        </EmptyNote>
      </div>
    </Page>
  );
}
