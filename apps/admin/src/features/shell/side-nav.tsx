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
import { Link, useLocation } from "@tanstack/react-router";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";

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
  const list = useRef<HTMLUListElement>(null);
  const [more, setMore] = useState<string>();
  const { pathname } = useLocation();
  useLayoutEffect(() => {
    const align = (): void => {
      if (list.current === null) return;
      const links = [...list.current.querySelectorAll("a")];
      const link = links.find((one) => pathname === one.pathname || pathname.startsWith(`${one.pathname}/`));
      const place = link?.getBoundingClientRect();
      // `scrollIntoView` would also scroll the page.
      if (place !== undefined) list.current.scrollLeft += place.left - (list.current.clientWidth - place.width) / 2;
      setMore(moreIn(list.current));
    };
    align();
    window.addEventListener("resize", align);
    return () => window.removeEventListener("resize", align);
  }, [pathname]);
  return (
    <nav className="side-nav" aria-label="Main">
      <ul ref={list} data-more={more} onScroll={(event) => setMore(moreIn(event.currentTarget))}>
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

/** The edges beyond which there are more links; undefined if all are visible. */
function moreIn({ scrollLeft, scrollWidth, clientWidth }: HTMLElement): string | undefined {
  const before = scrollLeft > 0 ? ["before"] : [];
  const after = scrollLeft + clientWidth < scrollWidth - 1 ? ["after"] : [];
  return [...before, ...after].join(" ") || undefined;
}
