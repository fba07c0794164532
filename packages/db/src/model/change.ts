import { defineEntity, p } from "@mikro-orm/core";
import { actorKinds, changeKinds, subjectKinds } from "@rollcall/domain";

/**
 * The append-only log: one row for each thing that was done or refused, written in the transaction that did it.
 * `before` and `after` hold only what differs; `refusal` is the rule that said no, null where it was done.
 */
export const ChangeSchema = defineEntity({
  name: "Change",
  tableName: "change",
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    at: p.datetime(),
    requestId: p.text().nullable(),
    actorKind: p.enum(actorKinds),
    actorId: p.uuid().nullable(),
    actorName: p.text(),
    subjectKind: p.enum(subjectKinds),
    subjectId: p.uuid().nullable(),
    subjectName: p.text(),
    kind: p.enum(changeKinds),
    before: p.json().nullable(),
    after: p.json().nullable(),
    refusal: p.text().nullable(),
  },
});
