import { Button, Modal } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type Role, setLinkedMutation } from "../../queries.ts";
import { mappingsQuery } from "./role-queries.ts";
import { Card } from "../../ui/card.tsx";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { showSuccess } from "../../ui/toast.ts";

/** Who manages the role's members: owners or the directory. */
export function RoleLink({ role }: { readonly role: Role }): ReactNode {
  const [isAsking, setIsAsking] = useState(false);
  const setLinked = useMutation(setLinkedMutation);
  const mappings = useQuery(mappingsQuery).data ?? [];
  const given = mappings.find(({ groupId }) => groupId === role.id);
  const givenBy = mappings.filter(({ targetId }) => targetId === role.id).map(({ group }) => group);
  const mappedTo = given === undefined ? "" : ` People to whom its mapping applies also have the role ${given.target}.`;
  if (role.isScimCreated) return <Card title="Directory" lead={`${madeByDirectory}${mappedTo}`} />;
  const close = (): void => {
    setIsAsking(false);
    setLinked.reset();
  };
  const verb = role.isLinked ? "Take back" : "Link";
  const onSuccess = (): void => {
    showSuccess(role.isLinked ? `Owners manage ${role.name} again.` : `${role.name} is linked to the directory.`);
    close();
  };
  return (
    <Card
      title="Directory"
      lead={role.isLinked ? `${linked}${mappedTo}` : unlinked}
      aside={
        <Button
          variant="default"
          disabled={givenBy.length > 0}
          aria-describedby={givenBy.length > 0 ? "role-given" : undefined}
          onClick={() => setIsAsking(true)}
        >
          {role.isLinked ? "Take back…" : "Link to the directory…"}
        </Button>
      }
    >
      {givenBy.length > 0 && (
        <p id="role-given" className="quiet small">
          {`The directory gives this role already, by the mapping of ${new Intl.ListFormat("en").format(givenBy)}. End that under Roles before you link it.`}
        </p>
      )}
      <Modal
        opened={isAsking}
        onClose={close}
        title={role.isLinked ? `Take ${role.name} back?` : `Link ${role.name} to the directory?`}
      >
        <DialogForm
          submit={verb}
          mutation={setLinked}
          onSubmit={() => setLinked.mutate({ id: role.id, isLinked: !role.isLinked }, { onSuccess })}
          onCancel={close}
        >
          <p>{role.isLinked ? takingBack : linking}</p>
        </DialogForm>
      </Modal>
    </Card>
  );
}

const madeByDirectory =
  "This role is a group of the directory. Its name and members are changed in the identity provider; owners decide its permissions.";
const linked = "An owner has linked this role to the directory: a group of the same name decides who is in it.";
const unlinked =
  "Owners decide who is in this role. If the directory pushes a group of the same name, it is refused until you link the role.";
const linking =
  "A group of the same name may then add people to this role and remove those it added. Whoever is in it now stays.";
const takingBack =
  "The directory may then no longer change who is in this role. Whoever is in it now stays. If the role is mapped to another one, that ends.";
