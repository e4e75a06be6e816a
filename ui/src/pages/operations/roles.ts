/** What who looks at the page may do beyond one namespace. */
import { allows, useSession, type Role } from "../../client/session";

/** In place of a namespace: all of them, and what belongs to none. */
export const EVERYWHERE = "*";
export const ROLES = ["viewer", "operator", "editor", "admin"] as const satisfies readonly Role[];

/** Whether somebody administers all namespaces. */
export function useMayEverywhere(role: Role): boolean {
  return useSession(({ me }) => allows(me, role, EVERYWHERE));
}

/** Whether there is any namespace in which it is allowed. */
export function useMaySomewhere(role: Role): boolean {
  return useSession(({ me }) => Object.keys(me?.roles ?? {}).some((namespace) => allows(me, role, namespace)));
}
