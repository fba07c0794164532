import { formatPeople } from "@rollcall/domain";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { formatNames } from "../../ui/people-messages.ts";
import { defaultRolePreviewQuery } from "./provisioning-queries.ts";

/** What choosing this default role would change for current members. */
export function DefaultRolePreview({
  role,
}: {
  readonly role: { readonly id: string; readonly name: string };
}): ReactNode {
  const preview = useQuery(defaultRolePreviewQuery(role.id));
  const keepers = preview.data;
  return (
    <section className="preview" aria-label="Preview">
      <h3>Preview</h3>
      <QueryStatus query={preview} count={1} height={48} />
      {keepers !== undefined && (
        <output className="stacked">
          <p>No one gains or loses a role.</p>
          {keepers !== null && (
            <div>
              {formatPeople(keepers.count)} {keepers.count === 1 ? "keeps" : "keep"} <strong>{keepers.role}</strong>,
              their default role until now
              <div className="quiet small">{formatNames(keepers.names, keepers.count)}</div>
            </div>
          )}
          <p>
            Anyone who is added, returns or loses their last role after saving gets <strong>{role.name}</strong>.
          </p>
        </output>
      )}
    </section>
  );
}
