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
import { useViewportSize } from "@mantine/hooks";
import { Link, useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";

const places = [
  { to: "/health", label: "Health", Icon: IconHeartbeat },
  { to: "/setup", label: "Setup", Icon: IconProgressCheck },
  { to: "/settings/provisioning", label: "Provisioning", Icon: IconPlugConnected },
  { to: "/checks", label: "Self-check", Icon: IconListCheck },
  { to: "/settings/sso", label: "Single sign-on", Icon: IconKey },
  { to: "/settings/domains", label: "Domains", Icon: IconWorld },
  { to: "/members", label: "Members", Icon: IconUsers },
  { to: "/roles", label: "Roles", Icon: IconShield },
  { to: "/activity", label: "Activity", Icon: IconHistory },
  { to: "/requests", label: "Requests", Icon: IconTransfer },
] as const;

/** The navigation of owners; on a phone one line, scrolled to the current screen. */
export function SideNav(): ReactNode {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const { width } = useViewportSize();
  useEffect(() => {
    const links = [...(nav.current?.querySelectorAll("a") ?? [])];
    const link = links.find((one) => pathname === one.pathname || pathname.startsWith(`${one.pathname}/`));
    if (nav.current === null || link === undefined) return;
    const place = link.getBoundingClientRect();
    // `scrollIntoView` would also scroll the page.
    nav.current.scrollLeft += place.left - (width - place.width) / 2;
  }, [pathname, width]);
  return (
    <nav ref={nav} className="side-nav" aria-label="Main">
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
