import { z } from "zod";
import type { ScimTest } from "./test-harness.ts";

const row = z.object({ quirks: z.array(z.string()) });
const text = `with taken as (delete from scim_request where organization_id = $1 returning quirks)
  select coalesce(array_agg(distinct quirk order by quirk), '{}') as quirks from taken, unnest(taken.quirks) as quirk`;

/**
 * The known deviations logged for the organization's requests since the previous use, sorted; deletes these requests.
 * For tests only.
 */
export async function noticedQuirks(scim: ScimTest): Promise<readonly string[]> {
  await scim.recorder.flush();
  const [found] = await scim.database.sql.query({ name: "test_quirks", text }, [scim.organizationId]);
  return row.parse(found).quirks;
}

/** The refusals in the organization's request log. For tests only. */
export async function notedRefusals(scim: ScimTest): Promise<readonly unknown[]> {
  await scim.recorder.flush();
  const text = "select refusal from scim_request where organization_id = $1";
  const rows = await scim.database.sql.query({ name: "test_refusals", text }, [scim.organizationId]);
  return rows.map(({ refusal }) => refusal);
}
