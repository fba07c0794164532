import { Migration } from "@mikro-orm/migrations";

/**
 * How and when each session was proven. Sessions that are open keep no proof, so that they are asked for it when it
 * counts; they are as fresh as the upgrade.
 */
export class SessionProofs extends Migration {
  override up(): void {
    this.addSql(`alter table session add column password_at timestamptz, add column second_factor_at timestamptz,
      add column sso_at timestamptz, add column sso_entity_id text, add column last_used_at timestamptz not null default now()`);
    this.addSql("alter table session alter column last_used_at drop default");
  }

  override down(): void {
    throw new Error("The proofs of sessions have no way back: restore a backup instead.");
  }
}
