import type { Queryable } from "../store/queryable.ts";
import type { ActivityEntry } from "../change/activity.ts";

/**
 * The provider's last undecided request to manage a role of the owners, with its token; null if there is none, if
 * owners have linked or unlinked the role since, or if provisioning is off or was turned on since. `roleId` must be a
 * UUID.
 */
export async function readLinkRequest(queryable: Queryable, organizationId: string, roleId: string) {
  const request = await ownRoles(queryable, organizationId)
    .innerJoinLateral(
      (from) =>
        from
          .selectFrom("change as c")
          .whereRef("c.organizationId", "=", "r.organizationId")
          .whereRef("c.subjectId", "=", "r.id")
          .where((eb) => {
            const isDecided = eb.and([
              eb("c.refusal", "is", null),
              eb("c.kind", "in", ["role.linked", "role.unlinked"]),
            ]);
            return eb.or([eb("c.refusal", "=", "roleNotLinked"), isDecided]);
          })
          .orderBy("c.id", "desc")
          .limit(1)
          .select(["c.at", "c.actorName", "c.refusal"])
          .as("last"),
      (on) => on.onTrue(),
    )
    .where("r.id", "=", roleId)
    .where("last.refusal", "is not", null)
    .whereRef("last.at", ">=", "p.enabledAt")
    .select(["last.at", "last.actorName as tokenName"])
    .executeTakeFirst();
  return request ?? null;
}

/** The roles that a request was refused to manage and that owners still manage, by name. */
export async function readRolesToLink(queryable: Queryable, organizationId: string, changes: readonly ActivityEntry[]) {
  const ids = changes.flatMap(({ refusal, subject }) =>
    refusal === "roleNotLinked" && subject.id !== null ? [subject.id] : [],
  );
  if (ids.length === 0) return [];
  return ownRoles(queryable, organizationId)
    .where("r.id", "in", ids)
    .orderBy("r.nameKey")
    .select(["r.id", "r.name"])
    .execute();
}

/** The roles `r` that owners manage, with the settings `p`, while provisioning is on. */
function ownRoles({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("role as r")
    .innerJoin("provisioning as p", "p.organizationId", "r.organizationId")
    .where("r.organizationId", "=", organizationId)
    .where("p.isEnabled", "=", true)
    .where("r.deletedAt", "is", null)
    .where("r.isLinked", "=", false)
    .where("r.isScimCreated", "=", false);
}
