import { ok } from "@rollcall/scim-protocol";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { readProvisioning } from "./provisioning-row.ts";
import { provisioningSubject } from "./provisioning-settings.ts";

/** Decides whether people whom the directory manages are removed there only, or by owners as well. */
export async function setRemovalPolicy(
  database: Database,
  context: WriteContext,
  onlyDirectoryRemoves: boolean,
): Promise<void> {
  const attempt = { kind: "provisioning.removal_changed", subject: provisioningSubject } as const;
  await inOrganization(database, context, attempt, async (tx) => {
    const former = (await readProvisioning(tx, context.organizationId)).onlyDirectoryRemoves;
    if (former === onlyDirectoryRemoves) return ok(undefined);
    await tx.query(save, [context.organizationId, onlyDirectoryRemoves, context.now]);
    const [before, after] = [{ onlyDirectoryRemoves: former }, { onlyDirectoryRemoves }];
    await recordChanges(tx, [{ ...entryOf(context), ...attempt, before, after }]);
    return ok(undefined);
  });
}

const save = {
  name: "provisioning_removal",
  text: "update provisioning set only_directory_removes = $2, updated_at = $3 where organization_id = $1",
};
