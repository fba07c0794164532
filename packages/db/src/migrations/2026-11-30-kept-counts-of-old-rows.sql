-- Without a lock: what is counted already, by this migration before or by the triggers since, is subtracted. A transaction
-- writes a row and its count, so that one snapshot has both or neither.
insert into member_count (organization_id, id, visible, managed)
  select organization_id, gen_random_uuid(), sum(visible), sum(managed) from (
    select organization_id, 1 as visible, is_managed::int as managed from member where not is_deleted
    union all select organization_id, -visible, -managed from member_count) as both_sides
  group by organization_id having sum(visible) <> 0 or sum(managed) <> 0;

insert into role_grant_count (organization_id, role_id, source, id, grants, tag)
  select organization_id, role_id, source, gen_random_uuid(), sum(grants), 0 from (
    select organization_id, role_id, source, 1 as grants from role_grant
    union all select organization_id, role_id, source, -grants from role_grant_count) as both_sides
  group by organization_id, role_id, source having sum(grants) <> 0;
