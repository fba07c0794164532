import { defineEntity, p } from "@mikro-orm/core";

/** The organization's last run of the checks; `problem`: why it could not be played to its end. */
export const SelfCheckSchema = defineEntity({
  name: "SelfCheck",
  tableName: "self_check",
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid(),
    provider: p.enum(["okta", "entra"]),
    startedBy: p.text(),
    startedAt: p.datetime(),
    endedAt: p.datetime().nullable(),
    problem: p.text().nullable(),
  },
});

/** One step of that run, in the order of `position`; `exchanges`: its calls and their answers. */
export const SelfCheckStepSchema = defineEntity({
  name: "SelfCheckStep",
  tableName: "self_check_step",
  properties: {
    organizationId: p.uuid().primary(),
    checkId: p.uuid().primary(),
    position: p.integer().primary(),
    part: p.text(),
    name: p.text(),
    outcome: p.enum(["passed", "noted", "failed"]),
    detail: p.text(),
    meaning: p.text().nullable(),
    durationMs: p.integer(),
    exchanges: p.json(),
  },
});
