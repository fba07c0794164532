import { formatPeople } from "@rollcall/domain";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { RoleEffect } from "./role-queries.ts";
import { formatNames } from "../../ui/people-messages.ts";
import "./effect-list.css";

/** The gains and losses of roles that saving would cause. */
export function EffectList({ effects }: { readonly effects: readonly RoleEffect[] }): ReactNode {
  if (effects.length === 0) return <p>No one gains or loses a role.</p>;
  return (
    <ul className="effects">
      {effects.map(({ roleId, role, isGain, count, names }) => {
        const Icon = isGain ? IconPlus : IconMinus;
        return (
          <li key={`${roleId}-${String(isGain)}`} data-gain={isGain}>
            <Icon size={18} stroke={2} aria-hidden />
            <div>
              {formatPeople(count)} {isGain ? (count === 1 ? "gets" : "get") : count === 1 ? "loses" : "lose"}{" "}
              <strong>{role}</strong>
              <div className="quiet small">{formatNames(names, count)}</div>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
