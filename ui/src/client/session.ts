/** Who looks at the dashboard: one session, kept by a cookie that no script can read. */
import { create } from "zustand";
import type { components } from "./schema";

export type Me = components["schemas"]["Me"];
export type Role = "viewer" | "operator" | "editor" | "admin";

const RANK: Record<Role, number> = { viewer: 0, operator: 1, editor: 2, admin: 3 };

interface SessionState {
  /** `undefined` until the server was asked; `null` when nobody is logged in. */
  readonly me: Me | null | undefined;
  readonly began: (me: Me) => void;
  readonly ended: () => void;
}

export const useSession = create<SessionState>((set) => ({
  me: undefined,
  began: (me) => set({ me }),
  ended: () => set({ me: null }),
}));

/** Whether somebody may do in a namespace what takes a role. */
export function allows(me: Me | null | undefined, role: Role, namespace: string): boolean {
  const roles = (me?.roles ?? {}) as Partial<Record<string, Role>>;
  return ["*", namespace].some((each) => {
    const own = roles[each];
    return own !== undefined && RANK[own] >= RANK[role];
  });
}

/** Whether who looks at the page may do in a namespace what takes a role. */
export function useMay(role: Role, namespace: string): boolean {
  return useSession(({ me }) => allows(me, role, namespace));
}
