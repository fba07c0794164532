import { Migration } from "@mikro-orm/migrations";

/** Which token took over from which, and how far its end has been announced to the owners. */
export class TokenCare extends Migration {
  override up(): void {
    this.addSql(`alter table scim_token add column replaces_id uuid, add column noticed_days integer,
      add foreign key (organization_id, replaces_id) references scim_token (organization_id, id)`);
  }

  override down(): void {
    throw new Error("The notices have no way back: restore a backup instead.");
  }
}
