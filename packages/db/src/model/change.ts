import { defineEntity, p } from "@mikro-orm/core";
import { actorKinds, subjectKinds, type ChangeKind } from "@rollcall/domain";
import { tenantTable } from "./tenant-table.ts";

const refuse = "raise exception 'The change log is append-only.';";

/**
 * The append-only log: one row per change or refusal, written in the same transaction. `before` and `after` hold only
 * what differs; `refusal` is the violated rule, null for a change.
 */
export const ChangeSchema = defineEntity({
  name: "Change",
  tableName: "change",
  indexes: [
    {
      name: "change_loss",
      properties: ["organizationId", "at"],
      where: "kind in ('member.deactivated', 'member.deleted', 'member.role_revoked') and actor_kind = 'token'",
    },
    { name: "change_refused", properties: ["organizationId", "id"], where: "refusal is not null" },
    {
      name: "change_stranger",
      expression: `create index "change_stranger" on "change" (organization_id, lower(subject_name) collate "C", id) where subject_id is null and subject_kind = 'member'`,
    },
    { name: "change_subject", properties: ["organizationId", "subjectId", "id"] },
    {
      name: "change_switch",
      properties: ["organizationId", "id"],
      where: "kind in ('provisioning.enabled', 'provisioning.disabled', 'provisioning.people_released')",
    },
  ],
  // A second trigger for TRUNCATE is in a hand-written migration, because the schema comparison does not support it.
  triggers: [
    {
      name: "change_append_only",
      timing: "before",
      events: ["update"],
      forEach: "statement",
      body: refuse,
    },
    // Refusals are deleted after 180 days (`forgetOld`).
    {
      name: "change_kept",
      timing: "before",
      events: ["delete"],
      forEach: "row",
      body: `if old.refusal is not null and old.at < now() - interval '180 days' then return old; end if; ${refuse}`,
    },
  ],
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    at: p.datetime(),
    requestId: p.text().strictNullable(),
    actorKind: p.enum(actorKinds),
    actorId: p.uuid().strictNullable(),
    actorName: p.text(),
    subjectKind: p.enum(subjectKinds),
    subjectId: p.uuid().strictNullable(),
    subjectName: p.text(),
    /** Without a check constraint: a new kind must not lock the largest table. */
    kind: p.text().$type<ChangeKind>(),
    before: p.json<object>().strictNullable(),
    after: p.json<object>().strictNullable(),
    refusal: p.text().strictNullable(),
  },
});
