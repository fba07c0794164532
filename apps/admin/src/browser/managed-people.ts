import type { Acme } from "./fixture.ts";

type ManagedPerson = { readonly email: string; readonly name: string; readonly isActive?: boolean };

/** Adds managed members by SQL; the provider added them `days` days ago and has sent nothing about them since. */
export async function addManagedPeople(acme: Acme, people: readonly ManagedPerson[], days = 0): Promise<void> {
  const text = `with person as (select * from unnest($2::text[], $3::text[], $4::boolean[]) as p (email, name, active)),
      account as (insert into account (id, email, email_key, name, created_at, updated_at)
        select gen_random_uuid(), email, email, name, now(), now() from person returning id, email)
    insert into member (organization_id, id, account_id, user_name, user_name_key, name, name_key, active, is_managed,
      awaits_acceptance, version, created_at, updated_at)
    select $1, gen_random_uuid(), account.id, email, email, name, lower(name), active, true, false, 1, at, at
      from account join person using (email), (select now() - $5::int * interval '1 day' as at) as added`;
  await acme.sql(text, [
    acme.organizationId,
    people.map(({ email }) => email),
    people.map(({ name }) => name),
    people.map(({ isActive = true }) => isActive),
    days,
  ]);
}
