import { Migration } from "@mikro-orm/migrations";

/** When owners were told that a removal which they had rejected was tried again (docs/decisions/0028). */
export class TrustRejectedMail extends Migration {
  override up(): void {
    this.addSql("alter table guard_hold add column rejected_mailed_at timestamptz");
  }

  override down(): void {
    this.addSql("alter table guard_hold drop column rejected_mailed_at");
  }
}
