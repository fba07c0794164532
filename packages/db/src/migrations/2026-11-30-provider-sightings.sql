-- Made by `pnpm migration provider-sightings`, without dropping the triggers, and without a transaction, so that no write waits;
-- an attempt that was interrupted may have left an invalid index.

create or replace function "member_member_counted_fn"() returns trigger as $$ begin if new.deleted_at is not null then
  delete from member_sighting where organization_id = new.organization_id and member_id = new.id; elsif new.is_managed then
  insert into member_sighting (organization_id, member_id, at) values (new.organization_id, new.id, new.updated_at)
    on conflict (organization_id, member_id) do update set at = greatest(member_sighting.at, excluded.at); end if; insert into member_count (organization_id, id, visible, managed)
  values (new.organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, 1, new.is_managed::int); if found and random() < 0.01 then
  with merged as (delete from member_count where (organization_id, id) in (select organization_id, id from member_count
    where organization_id = new.organization_id order by id limit 1000 for update skip locked) returning organization_id, visible, managed)
  insert into member_count (organization_id, id, visible, managed)
    select organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, sum(visible), sum(managed) from merged group by organization_id; end if; return null; end; $$ language plpgsql;
create or replace function "member_member_recounted_fn"() returns trigger as $$ begin if new.deleted_at is not null then
  delete from member_sighting where organization_id = new.organization_id and member_id = new.id; elsif new.is_managed then
  insert into member_sighting (organization_id, member_id, at) values (new.organization_id, new.id, new.updated_at)
    on conflict (organization_id, member_id) do update set at = greatest(member_sighting.at, excluded.at); end if; insert into member_count (organization_id, id, visible, managed)
  values (new.organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, (new.deleted_at IS NULL)::int - (old.deleted_at IS NULL)::int, ((new.deleted_at IS NULL) and new.is_managed)::int - ((old.deleted_at IS NULL) and old.is_managed)::int); if found and random() < 0.01 then
  with merged as (delete from member_count where (organization_id, id) in (select organization_id, id from member_count
    where organization_id = new.organization_id order by id limit 1000 for update skip locked) returning organization_id, visible, managed)
  insert into member_count (organization_id, id, visible, managed)
    select organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, sum(visible), sum(managed) from merged group by organization_id; end if; return null; end; $$ language plpgsql;

-- After the functions, so that nobody who comes meanwhile is left out.
insert into member_sighting (organization_id, member_id, at)
  select organization_id, id, created_at from member where is_managed and not is_deleted on conflict do nothing;
delete from member_sighting as s using member as m where m.organization_id = s.organization_id and m.id = s.member_id and m.is_deleted;

drop index concurrently if exists "member_sighting_at";
create index concurrently "member_sighting_at" on "member_sighting" ("organization_id", "at", "member_id");
drop index concurrently if exists "member_unmanaged";
create index concurrently "member_unmanaged" on "member" ("organization_id", "name_key", "id") where not is_managed and not is_deleted;
drop index concurrently if exists "role_grant_manual";
create index concurrently "role_grant_manual" on "role_grant" ("organization_id", "role_id", "member_id") where source = 'manual';
