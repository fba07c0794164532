-- Without a transaction, so that no write waits; an attempt that was interrupted has left an invalid index. A batch of the
-- request log may wait for the rows of people who have not been seen; they are in its order.
drop index concurrently if exists "member_sighting_at";
create index concurrently "member_sighting_at" on "member_sighting" ("organization_id", "at");
drop index concurrently if exists "member_unmanaged";
create index concurrently "member_unmanaged" on "member" ("organization_id", "name_key", "id") where not is_managed and not is_deleted;
drop index concurrently if exists "role_grant_manual";
create index concurrently "role_grant_manual" on "role_grant" ("organization_id", "role_id", "member_id") where source = 'manual';
insert into member_sighting (organization_id, member_id, at)
  select organization_id, id, created_at from member where is_managed and active and not is_deleted order by organization_id, id
  on conflict do nothing;
delete from member_sighting as s using member as m
  where m.organization_id = s.organization_id and m.id = s.member_id and (m.is_deleted or not m.active);
