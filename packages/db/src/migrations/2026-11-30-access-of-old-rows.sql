-- Without a lock, as 2026-11-30-kept-counts-of-old-rows.
insert into member_count (organization_id, id, visible, managed, active)
  select organization_id, gen_random_uuid(), 0, 0, sum(active) from (
    select organization_id, 1 as active from member where is_managed and active and not is_deleted
    union all select organization_id, -active from member_count) as both_sides
  group by organization_id having sum(active) <> 0;
