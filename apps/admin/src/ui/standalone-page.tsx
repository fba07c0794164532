import type { ReactNode } from "react";
import { Page } from "./page.tsx";

type StandalonePageProps = { readonly title: string; readonly lead?: ReactNode; readonly children: ReactNode };

/** The layout for people who are not signed in: one centered card. */
export function StandalonePage({ title, lead, children }: StandalonePageProps): ReactNode {
  return (
    <main className="lone">
      <div className="brand lone-brand">
        <img src="/icon.svg" width={32} height={32} alt="" />
        <span>Rollcall</span>
      </div>
      <div className="card">
        <Page title={title} lead={lead}>
          {children}
        </Page>
      </div>
    </main>
  );
}
