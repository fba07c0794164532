import type { InferKyselyDB } from "@mikro-orm/postgresql";
import type { GeneratedAlways } from "kysely";
import type { entities } from "../model/index.ts";

type Inferred = InferKyselyDB<(typeof entities)[number], { columnNamingStrategy: "property" }>;

/** The tables by their names, and their columns by the names of the model's properties, for typed statements. */
export type Tables = Omit<Inferred, "member"> & {
  member: Omit<Inferred["member"], "isDeleted"> & { isDeleted: GeneratedAlways<boolean> };
};
