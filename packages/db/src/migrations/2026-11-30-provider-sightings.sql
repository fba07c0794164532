-- Made by `pnpm migration provider-sightings`, without the indexes.

create or replace function "member_member_first_sighted_fn"() returns trigger as $$ begin insert into member_sighting (organization_id, member_id, at) values (new.organization_id, new.id, new.updated_at)
  on conflict (organization_id, member_id) do update set at = greatest(member_sighting.at, excluded.at); return null; end; $$ language plpgsql;
create trigger "member_first_sighted" AFTER INSERT on "member" for each ROW
  when ((new.is_managed AND new.active AND (new.deleted_at IS NULL))) execute function "member_member_first_sighted_fn"();
create or replace function "member_member_sighted_fn"() returns trigger as $$ begin if (new.is_managed AND new.active AND (new.deleted_at IS NULL)) then insert into member_sighting (organization_id, member_id, at) values (new.organization_id, new.id, new.updated_at)
  on conflict (organization_id, member_id) do update set at = greatest(member_sighting.at, excluded.at); return null; else
  delete from member_sighting where ctid = any (array(select ctid from member_sighting
    where organization_id = new.organization_id and member_id = new.id for update skip locked)); end if; return null; end; $$ language plpgsql;
create trigger "member_sighted" AFTER UPDATE on "member" for each ROW
  when (((new.is_managed AND new.active AND (new.deleted_at IS NULL)) <> (old.is_managed AND old.active AND (old.deleted_at IS NULL)))) execute function "member_member_sighted_fn"();
