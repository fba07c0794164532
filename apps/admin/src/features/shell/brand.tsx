import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** The name, which leads home. */
export function Brand(): ReactNode {
  return (
    <Link to="/" className="brand" aria-label="Rollcall, home">
      <img src="/icon.svg" width={26} height={26} alt="" />
      <span>Rollcall</span>
    </Link>
  );
}
