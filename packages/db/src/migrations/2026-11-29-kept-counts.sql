-- Made by `pnpm migration kept-counts`.

create table "guard_tally" ("organization_id" uuid not null, "minute" timestamptz not null, "losses" int not null, primary key ("organization_id", "minute"));

create table "member_count" ("organization_id" uuid not null, "id" uuid not null, "visible" int not null, "managed" int not null, primary key ("organization_id", "id"));

create or replace function "member_member_counted_fn"() returns trigger as $$ begin insert into member_count (organization_id, id, visible, managed)
  values (new.organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, 1, new.is_managed::int); if random() < 0.01 then
  with merged as (delete from member_count where (organization_id, id) in (select organization_id, id from member_count
    where organization_id = new.organization_id order by id limit 1000 for update skip locked) returning visible, managed)
  insert into member_count (organization_id, id, visible, managed)
    select new.organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, sum(visible), sum(managed) from merged having count(*) > 0; end if; return null; end; $$ language plpgsql;
create trigger "member_counted" AFTER INSERT on "member" for each ROW
  when ((new.deleted_at IS NULL)) execute function "member_member_counted_fn"();
create or replace function "member_member_recounted_fn"() returns trigger as $$ begin insert into member_count (organization_id, id, visible, managed)
  values (new.organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, (new.deleted_at IS NULL)::int - (old.deleted_at IS NULL)::int, ((new.deleted_at IS NULL) and new.is_managed)::int - ((old.deleted_at IS NULL) and old.is_managed)::int); if random() < 0.01 then
  with merged as (delete from member_count where (organization_id, id) in (select organization_id, id from member_count
    where organization_id = new.organization_id order by id limit 1000 for update skip locked) returning visible, managed)
  insert into member_count (organization_id, id, visible, managed)
    select new.organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, sum(visible), sum(managed) from merged having count(*) > 0; end if; return null; end; $$ language plpgsql;
create trigger "member_recounted" AFTER UPDATE on "member" for each ROW
  when ((((new.deleted_at IS NULL) <> (old.deleted_at IS NULL)) OR (new.is_managed <> old.is_managed))) execute function "member_member_recounted_fn"();

alter table "guard_tally" enable row level security;
create policy "tenant" on "guard_tally" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "member_count" enable row level security;
create policy "tenant" on "member_count" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));
