import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Page } from "../components/page.tsx";

export function NotFoundScreen(): ReactNode {
  return (
    <main className="lone">
      <Page title="There is no such page" lead="The address may be mistyped, or the page has moved.">
        <Link to="/">Back to the start</Link>
      </Page>
    </main>
  );
}
