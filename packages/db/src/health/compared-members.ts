import type { ComparedMember } from "@rollcall/domain";
import type { Queryable } from "../store/queryable.ts";

const batchSize = 5000;
const batchesMax = 200;

/** Every member of the organization, deactivated ones included; read in batches by the primary key. */
export async function readComparedMembers(
  { db }: Queryable,
  organizationId: string,
): Promise<readonly ComparedMember[]> {
  const members: ComparedMember[] = [];
  const all = db
    .selectFrom("member")
    .where("organizationId", "=", organizationId)
    .where("isDeleted", "=", false)
    .select(["id", "name", "userName", "userNameKey", "externalId", "givenName", "familyName", "active", "isManaged"])
    .orderBy("id")
    .limit(batchSize);
  for (let batch = 0; batch < batchesMax; batch++) {
    const last = members.at(-1)?.id;
    const rows = await (last === undefined ? all : all.where("id", ">", last)).execute();
    members.push(...rows);
    if (rows.length < batchSize) return members;
  }
  throw new Error(`There are more than ${batchSize * batchesMax} members.`);
}
