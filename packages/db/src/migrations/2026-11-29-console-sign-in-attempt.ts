import { Migration } from "@mikro-orm/migrations";

/** Failed sign-ins, as rate-limiter-flexible keeps them. It made the table itself before: the servers' role may not. */
export class SignInAttempt extends Migration {
  override up(): void {
    this.addSql(`create table if not exists sign_in_attempt (
      key varchar(255) primary key, points integer not null default 0, expire bigint)`);
  }

  override down(): void {
    this.addSql("drop table sign_in_attempt");
  }
}
