import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { EffectList, namesInWords, peopleInWords } from "./effect-list.tsx";
import { defaultRolePreviewQuery } from "./role-queries.ts";

/** What choosing that default role would do to the people who are here. */
export function DefaultRolePreview({
  role,
}: {
  readonly role: { readonly id: string; readonly name: string };
}): ReactNode {
  const preview = useQuery(defaultRolePreviewQuery(role.id));
  const keepers = preview.data?.keepers ?? null;
  return (
    <section className="preview" aria-label="What saving would do">
      <h3>What saving would do</h3>
      {preview.isPending && <SkeletonLines count={1} height={48} />}
      {preview.isError && <ErrorNote error={preview.error} onRetry={() => void preview.refetch()} />}
      {preview.data !== undefined && (
        <output className="stacked">
          <EffectList effects={preview.data.effects} />
          {keepers !== null && (
            <div>
              {peopleInWords(keepers.count)} {keepers.count === 1 ? "keeps" : "keep"} <strong>{keepers.role}</strong>,
              which they have as the default role so far
              <div className="quiet small">{namesInWords(keepers.names, keepers.count)}</div>
            </div>
          )}
          <p>
            Whoever is added, comes back or loses their last role from then on gets <strong>{role.name}</strong>.
          </p>
        </output>
      )}
    </section>
  );
}
