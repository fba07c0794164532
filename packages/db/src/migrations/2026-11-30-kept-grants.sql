-- Made by `pnpm migration kept-grants`.

create table "role_grant_count" ("organization_id" uuid not null, "role_id" uuid not null, "source" text not null, "id" uuid not null, "grants" int not null, "tag" bigint not null, primary key ("organization_id", "role_id", "source", "id"));

drop trigger if exists "member_counted" on "member";
drop function if exists "member_member_counted_fn"();
drop trigger if exists "member_recounted" on "member";
drop function if exists "member_member_recounted_fn"();
create or replace function "member_member_renamed_fn"() returns trigger as $$ begin insert into role_grant_count (organization_id, role_id, source, id, grants, tag)
  select organization_id, role_id, source, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, 0, hashtextextended(gen_random_uuid()::text, 0)
    from role_grant where organization_id = new.organization_id and member_id = new.id; if found and random() < 0.01 then
  with merged as (delete from role_grant_count where (organization_id, role_id, source, id) in (select organization_id, role_id, source, id from role_grant_count
    where (organization_id, role_id, source) in (select organization_id, role_id, source from role_grant where organization_id = new.organization_id and member_id = new.id) order by id limit 1000 for update skip locked) returning organization_id, role_id, source, grants, tag)
  insert into role_grant_count (organization_id, role_id, source, id, grants, tag)
    select organization_id, role_id, source, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, sum(grants), bit_xor(tag) from merged group by organization_id, role_id, source; end if; return null; end; $$ language plpgsql;
create trigger "member_renamed" AFTER UPDATE on "member" for each ROW
  when (((new.user_name <> old.user_name) OR ((new.deleted_at IS NULL) <> (old.deleted_at IS NULL)))) execute function "member_member_renamed_fn"();
create or replace function "member_member_counted_fn"() returns trigger as $$ begin insert into member_count (organization_id, id, visible, managed)
  values (new.organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, 1, new.is_managed::int); if found and random() < 0.01 then
  with merged as (delete from member_count where (organization_id, id) in (select organization_id, id from member_count
    where organization_id = new.organization_id order by id limit 1000 for update skip locked) returning organization_id, visible, managed)
  insert into member_count (organization_id, id, visible, managed)
    select organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, sum(visible), sum(managed) from merged group by organization_id; end if; return null; end; $$ language plpgsql;
create trigger "member_counted" AFTER INSERT on "member" for each ROW
  when ((new.deleted_at IS NULL)) execute function "member_member_counted_fn"();
create or replace function "member_member_recounted_fn"() returns trigger as $$ begin insert into member_count (organization_id, id, visible, managed)
  values (new.organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, (new.deleted_at IS NULL)::int - (old.deleted_at IS NULL)::int, ((new.deleted_at IS NULL) and new.is_managed)::int - ((old.deleted_at IS NULL) and old.is_managed)::int); if found and random() < 0.01 then
  with merged as (delete from member_count where (organization_id, id) in (select organization_id, id from member_count
    where organization_id = new.organization_id order by id limit 1000 for update skip locked) returning organization_id, visible, managed)
  insert into member_count (organization_id, id, visible, managed)
    select organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, sum(visible), sum(managed) from merged group by organization_id; end if; return null; end; $$ language plpgsql;
create trigger "member_recounted" AFTER UPDATE on "member" for each ROW
  when ((((new.deleted_at IS NULL) <> (old.deleted_at IS NULL)) OR (new.is_managed <> old.is_managed))) execute function "member_member_recounted_fn"();

create or replace function "role_grant_role_granted_fn"() returns trigger as $$ begin
insert into role_grant_count (organization_id, role_id, source, id, grants, tag)
  select organization_id, role_id, source, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, count(*),
      case when bool_or(c.source = 'group' or c.new_sources = (select count(*) from role_grant g
  where (g.organization_id, g.member_id, g.role_id) = (c.organization_id, c.member_id, c.role_id))) then hashtextextended(gen_random_uuid()::text, 0) else 0 end
    from (select *, count(*) over (partition by organization_id, member_id, role_id) as new_sources from changed) c
    group by organization_id, role_id, source; if found and random() < 0.01 then
  with merged as (delete from role_grant_count where (organization_id, role_id, source, id) in (select organization_id, role_id, source, id from role_grant_count
    where (organization_id, role_id, source) in (select organization_id, role_id, source from changed) order by id limit 1000 for update skip locked) returning organization_id, role_id, source, grants, tag)
  insert into role_grant_count (organization_id, role_id, source, id, grants, tag)
    select organization_id, role_id, source, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, sum(grants), bit_xor(tag) from merged group by organization_id, role_id, source; end if; return null; end; $$ language plpgsql;
create trigger "role_granted" after insert on "role_grant" referencing new table as changed
  for each statement execute function "role_grant_role_granted_fn"();
create or replace function "role_grant_role_revoked_fn"() returns trigger as $$ begin
insert into role_grant_count (organization_id, role_id, source, id, grants, tag)
  select organization_id, role_id, source, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, -count(*),
      case when bool_or(true) then hashtextextended(gen_random_uuid()::text, 0) else 0 end
    from (select *, count(*) over (partition by organization_id, member_id, role_id) as new_sources from changed) c
    group by organization_id, role_id, source; if found and random() < 0.01 then
  with merged as (delete from role_grant_count where (organization_id, role_id, source, id) in (select organization_id, role_id, source, id from role_grant_count
    where (organization_id, role_id, source) in (select organization_id, role_id, source from changed) order by id limit 1000 for update skip locked) returning organization_id, role_id, source, grants, tag)
  insert into role_grant_count (organization_id, role_id, source, id, grants, tag)
    select organization_id, role_id, source, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, sum(grants), bit_xor(tag) from merged group by organization_id, role_id, source; end if; return null; end; $$ language plpgsql;
create trigger "role_revoked" after delete on "role_grant" referencing old table as changed
  for each statement execute function "role_grant_role_revoked_fn"();

alter table "role_grant_count" add constraint "role_grant_count_source_check" check ("source" in ('manual', 'default', 'group', 'mapping'));
alter table "role_grant_count" enable row level security;
create policy "tenant" on "role_grant_count" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));
