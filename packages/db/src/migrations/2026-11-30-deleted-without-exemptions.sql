-- Made by `pnpm migration deleted-without-exemptions`, without dropping the trigger.

create or replace function "member_member_renamed_fn"() returns trigger as $$ begin if new.deleted_at is not null then
  delete from role_grant where organization_id = new.organization_id and member_id = new.id;   delete from exemption where organization_id = new.organization_id and member_id = new.id;   return null; end if; insert into role_grant_count (organization_id, role_id, source, id, grants, tag)
  select organization_id, role_id, source, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, 0, hashtextextended(gen_random_uuid()::text, 0)
    from role_grant where organization_id = new.organization_id and member_id = new.id; if found and random() < 0.01 then
  with merged as (delete from role_grant_count where (organization_id, role_id, source, id) in (select organization_id, role_id, source, id from role_grant_count
    where (organization_id, role_id, source) in (select organization_id, role_id, source from role_grant where organization_id = new.organization_id and member_id = new.id) order by id limit 1000 for update skip locked) returning organization_id, role_id, source, grants, tag)
  insert into role_grant_count (organization_id, role_id, source, id, grants, tag)
    select organization_id, role_id, source, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid, sum(grants), bit_xor(tag) from merged group by organization_id, role_id, source; end if; return null; end; $$ language plpgsql;

delete from exemption as e using member as m where m.organization_id = e.organization_id and m.id = e.member_id and m.is_deleted;
