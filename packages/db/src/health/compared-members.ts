import type { ComparedMember } from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";

const memberRow = z.object({
  id: z.string(),
  name: z.string(),
  userName: z.string(),
  userNameKey: z.string(),
  externalId: z.string().nullable(),
  givenName: z.string().nullable(),
  familyName: z.string().nullable(),
  active: z.boolean(),
  isManaged: z.boolean(),
});
const batchSize = 5000;
const batchesMax = 200;

/** Everybody in the organization, deactivated people included, for a comparison; read in batches by the primary key. */
export async function readComparedMembers(sql: Queryable, organizationId: string): Promise<readonly ComparedMember[]> {
  const members: ComparedMember[] = [];
  for (let batch = 0; batch < batchesMax; batch++) {
    const rows = await sql.query(afterId, [organizationId, members.at(-1)?.id ?? null, batchSize]);
    members.push(...rows.map((row) => memberRow.parse(row)));
    if (rows.length < batchSize) return members;
  }
  throw new Error(`There are more than ${batchSize * batchesMax} members.`);
}

const afterId = {
  name: "compared_members",
  text: `select id, name, user_name as "userName", user_name_key as "userNameKey", external_id as "externalId",
      given_name as "givenName", family_name as "familyName", active, is_managed as "isManaged" from member
    where organization_id = $1 and ($2::uuid is null or id > $2) and not is_deleted order by id limit $3`,
};
