import type { InferKyselyDB } from "@mikro-orm/postgresql";
import type { GeneratedAlways } from "kysely";
import type { entities } from "../model/index.ts";

type Inferred = InferKyselyDB<(typeof entities)[number], { columnNamingStrategy: "property" }>;

/** The tables by name with the model's property names as columns, for typed statements. */
export type Tables = Omit<Inferred, "member"> & {
  member: Omit<Inferred["member"], "isDeleted"> & { isDeleted: GeneratedAlways<boolean> };
};
