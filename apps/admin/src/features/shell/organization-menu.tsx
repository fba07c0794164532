import { Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconSelector } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { type Session, switchToMutation } from "../../queries.ts";
import { ssoStartOf } from "../sso/sso-start.ts";

type Organization = { readonly id: string; readonly name: string };
type OrganizationMenuProps = { readonly current: Organization; readonly organizations: Session["organizations"] };

/** The current organization and a menu to switch to another one. */
export function OrganizationMenu({ current, organizations }: OrganizationMenuProps): ReactNode {
  const navigate = useNavigate();
  const switchTo = useMutation(switchToMutation);
  if (organizations.length < 2)
    return (
      <div className="clip small" title={current.name}>
        {current.name}
      </div>
    );
  const choose = (organizationId: string): void =>
    switchTo.mutate(
      { organizationId },
      {
        onSuccess: () => void navigate({ to: "/" }),
        onError: (error) => {
          const start = ssoStartOf(error, undefined);
          if (start !== undefined) window.location.assign(start);
          else notifications.show({ message: readApiError(error).message, color: "brick" });
        },
      },
    );
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <button type="button" className="header-button" aria-label={`Organization ${current.name}, change`}>
          <span className="clip" title={current.name}>
            {current.name}
          </span>
          <IconSelector size={16} stroke={1.75} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={current.id} onChange={choose}>
          {organizations.map(({ id, name }) => (
            <Menu.RadioItem key={id} value={id} closeMenuOnClick>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
