import { groupOf } from "./directory.ts";
import type { Acme } from "./fixture.ts";
import { addManagedPeople } from "./managed-people.ts";

/** Person 101 to Person 140, of whom nine are active. */
const people = Array.from({ length: 40 }, (_, place) => ({
  email: `p${101 + place}@acme.example`,
  name: `Person ${101 + place}`,
  isActive: place < 9,
}));

/** Fills Acme's people, roles, invitations, exemptions and domains with more than one page each. */
export async function fillLists(acme: Acme): Promise<void> {
  await acme.enableProvisioning();
  const okta = await acme.directory("Okta");
  await okta.addPerson("Ada", "Managed", "acme.example");
  await okta.addPerson("Zoë", "Managed", "acme.example");
  await okta.request("POST", "/Groups", groupOf("Engineering"));
  await addManagedPeople(acme, people, 1);
  await acme.sql(
    `insert into role_grant (organization_id, member_id, role_id, source, created_at)
      select $1, m.id, r.id, 'default', now() from member m join role r using (organization_id)
      where organization_id = $1 and m.name like 'Person%' and r.name = 'Members'`,
    [acme.organizationId],
  );
  await acme.sql(
    `insert into role (organization_id, id, name, name_key, kind, is_scim_created, is_linked, permissions, created_at, updated_at)
      select $1, gen_random_uuid(), 'Role ' || n, 'role ' || n, 'custom', false, false, '{}', now(), now()
      from generate_series(101, 130) n`,
    [acme.organizationId],
  );
  await acme.sql(
    `insert into invitation (organization_id, id, email, email_key, role_ids, secret_hash, invited_by_name, created_at,
        sent_at, expires_at)
      select $1, gen_random_uuid(), e, e, '{}', sha256(e::bytea), 'Olive', now(), now() - n * interval '1 hour',
        now() + (110 - n) * interval '1 hour'
      from (select n, 'guest' || n || '@else.example' as e from generate_series(101, 112) n) x`,
    [acme.organizationId],
  );
  await acme.sql(
    `insert into exemption (organization_id, member_id, kind, created_by, created_at)
        select organization_id, id, 'locks', 'Olive', now() from member where organization_id = $1 and name like 'Person 11%'
        or organization_id = $1 and name like 'Person 12%'`,
    [acme.organizationId],
  );
  await acme.sql(
    `insert into domain_claim (organization_id, domain, proof, created_by, created_at)
        select $1, 'd' || n || '.example', 'proof' || n, 'Olive', now() from generate_series(101, 112) n`,
    [acme.organizationId],
  );
}
