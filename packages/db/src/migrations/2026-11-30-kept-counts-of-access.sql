-- Made by `pnpm migration kept-counts-of-access`, with a default for the rows so far. The people come first, as in
-- every write, whose trigger then waits for the counts.

lock table "member" in access exclusive mode;

alter table "member_count" add "active" int not null default 0;
alter table "member_count" alter "active" drop default;

drop trigger if exists "member_counted" on "member";
drop function if exists "member_member_counted_fn"();
drop trigger if exists "member_recounted" on "member";
drop function if exists "member_member_recounted_fn"();
create or replace function "member_member_counted_fn"() returns trigger as $$ begin insert into member_count (organization_id, id, visible, managed, active)
  values (new.organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, 1, new.is_managed::int, (new.is_managed AND new.active AND (new.deleted_at IS NULL))::int); if found and random() < 0.01 then
  with merged as (delete from member_count where (organization_id, id) in (select organization_id, id from member_count
    where organization_id = new.organization_id order by id limit 1000 for update skip locked) returning organization_id, visible, managed, active)
  insert into member_count (organization_id, id, visible, managed, active)
    select organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, sum(visible), sum(managed), sum(active) from merged group by organization_id; end if; return null; end; $$ language plpgsql;
create trigger "member_counted" AFTER INSERT on "member" for each ROW
  when ((new.deleted_at IS NULL)) execute function "member_member_counted_fn"();
create or replace function "member_member_recounted_fn"() returns trigger as $$ begin insert into member_count (organization_id, id, visible, managed, active)
  values (new.organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, (new.deleted_at IS NULL)::int - (old.deleted_at IS NULL)::int, ((new.deleted_at IS NULL) and new.is_managed)::int - ((old.deleted_at IS NULL) and old.is_managed)::int, (new.is_managed AND new.active AND (new.deleted_at IS NULL))::int - (old.is_managed AND old.active AND (old.deleted_at IS NULL))::int); if found and random() < 0.01 then
  with merged as (delete from member_count where (organization_id, id) in (select organization_id, id from member_count
    where organization_id = new.organization_id order by id limit 1000 for update skip locked) returning organization_id, visible, managed, active)
  insert into member_count (organization_id, id, visible, managed, active)
    select organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, sum(visible), sum(managed), sum(active) from merged group by organization_id; end if; return null; end; $$ language plpgsql;
create trigger "member_recounted" AFTER UPDATE on "member" for each ROW
  when ((((new.deleted_at IS NULL) <> (old.deleted_at IS NULL)) OR (new.is_managed <> old.is_managed) OR ((new.is_managed AND new.active AND (new.deleted_at IS NULL)) <> (old.is_managed AND old.active AND (old.deleted_at IS NULL))))) execute function "member_member_recounted_fn"();
