/** Decisions in words. */
import type { Say } from "../../language/language";
import type { Summary } from "./data";
import { inbox } from "./messages";

type SayInbox = Say<(typeof inbox)["en"]>;

/** Who may answer: those with a role, and users by name. */
export function whoMay(of: Pick<Summary, "role" | "users">, say: SayInbox): string {
  const role = of.role === "viewer" || of.role === "operator" || of.role === "editor" || of.role === "admin" ? [say(`role_${of.role}`)] : [];
  return [...role, ...of.users].join(", ");
}
