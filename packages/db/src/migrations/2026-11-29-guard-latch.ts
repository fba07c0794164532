import { Migration } from "@mikro-orm/migrations";

/** The guard holds until an owner decides, and keeps what it holds (docs/decisions/0028). */
export class GuardLatch extends Migration {
  override up(): void {
    this
      .addSql(`alter table provisioning add column guard_counted_from timestamptz, add column guard_latched_at timestamptz,
      add column guard_holds_until timestamptz, add column guard_mailed_at timestamptz`);
    this.addSql(`create table guard_hold (
      organization_id uuid not null references provisioning (organization_id), id uuid not null, member_id uuid not null,
      kind text not null check (kind in ('member.deactivated', 'member.deleted', 'member.role_revoked')), role_id uuid,
      request_id text not null, first_tried_at timestamptz not null, last_tried_at timestamptz not null,
      tries integer not null, decision text check (decision in ('approved', 'rejected')), decided_at timestamptz,
      decided_by text, applied_at timestamptz,
      primary key (organization_id, id),
      constraint guard_hold_unique unique nulls not distinct (organization_id, member_id, kind, role_id),
      foreign key (organization_id, member_id) references member (organization_id, id),
      foreign key (organization_id, role_id) references role (organization_id, id))`);
    this.addSql(`create index provisioning_latched on provisioning (organization_id, guard_mailed_at)
      where guard_latched_at is not null`);
  }

  override down(): void {
    throw new Error("Held removals have no way back: restore a backup instead.");
  }
}
