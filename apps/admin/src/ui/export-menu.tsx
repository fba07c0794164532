import { Button, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";

const names = {
  members: "members",
  activity: "activity",
  requests: "requests",
  "drift-unlinked": "people who are not managed",
  "drift-unconfirmed": "people who are not confirmed",
  "drift-holders": "group members",
} as const;

type ExportMenuProps = {
  readonly what: keyof typeof names;
  /** The filters on screen, as the API names them. */
  readonly filters: Readonly<Record<string, string | boolean | undefined>>;
};

const formats = [
  { format: "csv", label: "CSV, for spreadsheets" },
  { format: "json", label: "JSON, for programs" },
] as const;

/** Exports the whole list with the current filters. */
export function ExportMenu({ what, filters }: ExportMenuProps): ReactNode {
  const given = Object.entries(filters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const query = given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} stroke={1.75} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown aria-label={`Export ${names[what]}`}>
        {formats.map(({ format, label }) => (
          <Menu.Item key={format} component="a" href={`/export/${what}.${format}${query}`} download>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
