import {
  IconHeartbeat,
  IconHistory,
  IconKey,
  IconListCheck,
  IconPlugConnected,
  IconProgressCheck,
  IconShield,
  IconTransfer,
  IconUsers,
  IconWorld,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

const places = [
  { to: "/health", label: "Health", Icon: IconHeartbeat },
  { to: "/setup", label: "Set-up", Icon: IconProgressCheck },
  { to: "/settings/provisioning", label: "Provisioning", Icon: IconPlugConnected },
  { to: "/checks", label: "Self-check", Icon: IconListCheck },
  { to: "/settings/sso", label: "Single sign-on", Icon: IconKey },
  { to: "/settings/domains", label: "Domains", Icon: IconWorld },
  { to: "/members", label: "Members", Icon: IconUsers },
  { to: "/roles", label: "Roles", Icon: IconShield },
  { to: "/activity", label: "Activity", Icon: IconHistory },
  { to: "/requests", label: "Requests", Icon: IconTransfer },
] as const;

/** An owner's places. */
export function SideNav(): ReactNode {
  return (
    <nav className="side-nav" aria-label="Main">
      <ul>
        {places.map(({ to, label, Icon }) => (
          <li key={to}>
            <Link to={to} activeOptions={{ includeSearch: false }}>
              <Icon size={18} stroke={1.6} aria-hidden />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
