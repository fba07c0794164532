import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { Page } from "../../ui/page.tsx";

const places = {
  member: {
    title: "Member not found",
    what: "No member of this organization has this address.",
    why: "The link may be incomplete, or it leads to another organization.",
    to: "/members",
    label: "All members",
  },
  role: {
    title: "Role not found",
    what: "No role of this organization has this address.",
    why: "The role may have been deleted, or the link may be incomplete.",
    to: "/roles",
    label: "All roles",
  },
  request: {
    title: "Request not found",
    what: "No request of this organization has this address.",
    why: "Requests are kept for 30 days; older ones are deleted.",
    to: "/requests",
    label: "All requests",
  },
  entry: {
    title: "Activity entry not found",
    what: "No entry of this organization’s activity has this address.",
    why: "The link may be incomplete.",
    to: "/activity",
    label: "All activity",
  },
  page: {
    title: "Page not found",
    what: "No page has this address.",
    why: "The address may be mistyped, or the page has moved.",
    to: "/",
    label: "Go to the start page",
  },
} as const;

/** The page of a missing object, with a link to its list. */
export function MissingPage({ kind }: { readonly kind: keyof typeof places }): ReactNode {
  const { title, what, why, to, label } = places[kind];
  return (
    <Page title={title}>
      <div className="card">
        <EmptyNote title={what}>
          {why}
          <br />
          <Button mt="md" variant="default" renderRoot={(props) => <Link to={to} {...props} />}>
            {label}
          </Button>
        </EmptyNote>
      </div>
    </Page>
  );
}
