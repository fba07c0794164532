/** What a SCIM Group and the rules know of the role `r`. */
export const roleFields = [
  "r.id",
  "r.name",
  "r.kind",
  "r.isScimCreated",
  "r.isLinked",
  "r.externalId",
  "r.version",
  "r.createdAt",
  "r.updatedAt",
] as const;
