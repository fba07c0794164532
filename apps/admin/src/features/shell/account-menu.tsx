import { type MantineColorScheme, Menu, useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChevronDown, IconLogout, IconSettings, IconUserCircle } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { type Session, signOutMutation } from "../../queries.ts";

const appearances = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "As the system" },
] as const satisfies readonly { value: MantineColorScheme; label: string }[];

/** The account, the appearance and the sign-out button. */
export function AccountMenu({ account }: { readonly account: Session["account"] }): ReactNode {
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useMutation(signOutMutation);
  const leave = (): void =>
    signOut.mutate(undefined, {
      onSuccess: () => void navigate({ to: "/sign-in" }),
      onError: (error) => notifications.show({ message: readApiError(error).message, color: "brick" }),
    });
  const choose = (value: string): void => {
    const found = appearances.find((appearance) => appearance.value === value);
    if (found !== undefined) setColorScheme(found.value);
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <button type="button" className="header-button" aria-label={`Account of ${account.name}`}>
          <IconUserCircle size={20} stroke={1.5} aria-hidden />
          <span className="clip account-name">{account.name}</span>
          <IconChevronDown size={15} stroke={1.75} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{account.email}</Menu.Label>
        <Menu.Item
          leftSection={<IconSettings size={16} stroke={1.75} aria-hidden />}
          onClick={() => void navigate({ to: "/account" })}
        >
          Your account
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={choose}>
          {appearances.map(({ value, label }) => (
            <Menu.RadioItem key={value} value={value}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.75} aria-hidden />} onClick={leave}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
