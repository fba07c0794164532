import { Migration } from "@mikro-orm/migrations";

/** Who has accepted a membership, and domains as they stand in the keys of addresses (docs/decisions/0029). */
export class TrustAcceptance extends Migration {
  override up(): void {
    this.addSql("alter table member add column accepted_at timestamptz, add column invite_at timestamptz");
    this.addSql("create index member_to_invite on member (organization_id, invite_at) where invite_at is not null");
    this.addSql("alter table verified_domain add column domain_key text");
    this.addSql("update verified_domain set domain_key = domain");
    this.addSql("alter table verified_domain alter column domain_key set not null");
    this.addSql("create index verified_domain_key on verified_domain (domain_key)");
  }

  override down(): void {
    throw new Error("Without it nobody knows who has accepted a membership.");
  }
}
