import { defineEntity, p } from "@mikro-orm/core";
import type { SelfCheckExchange } from "@rollcall/domain";
import { OrganizationSchema } from "./organization.ts";
import { tenantTable } from "./tenant-table.ts";

/** The organization's last run of the checks; `problem`: why it was aborted. */
export const SelfCheckSchema = defineEntity({
  name: "SelfCheck",
  tableName: "self_check",
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid(),
    provider: p.enum(["okta", "entra"]),
    startedBy: p.text(),
    startedAt: p.datetime(),
    endedAt: p.datetime().strictNullable(),
    problem: p.text().strictNullable(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
  },
});

/** One step of that run, in the order of `position`; `exchanges`: its requests and responses. */
export const SelfCheckStepSchema = defineEntity({
  name: "SelfCheckStep",
  tableName: "self_check_step",
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    checkId: p.uuid().primary(),
    position: p.integer().primary(),
    part: p.text(),
    name: p.text(),
    outcome: p.enum(["passed", "noted", "failed"]),
    detail: p.text(),
    meaning: p.text().strictNullable(),
    durationMs: p.integer(),
    exchanges: p.json<readonly SelfCheckExchange[]>(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
  },
});
