/** Decisions in words. */
import type { Schemas } from "../../client/api";
import type { Say } from "../../language/language";
import type { Summary } from "./data";
import { inbox } from "./messages";

type SayInbox = Say<(typeof inbox)["en"]>;

/** What a choice is called: as its flow says, or in the language spoken where the flow leaves it to us. */
export function choiceTitle(choice: Pick<Schemas["Choice"], "name" | "title">, say: SayInbox): string {
  if (choice.name === "approve" && choice.title === "Approve") return say("approve");
  if (choice.name === "reject" && choice.title === "Reject") return say("reject");
  return choice.title;
}

/** A choice of which only the name is known; the usual two in the language spoken. */
export function choiceOfName(name: string, say: SayInbox): string {
  return name === "approve" || name === "reject" ? say(name) : name;
}

/** Who may answer: those with a role, and users by name. */
export function whoMay(of: Pick<Summary, "role" | "users">, say: SayInbox): string {
  const role = of.role === "viewer" || of.role === "operator" || of.role === "editor" || of.role === "admin" ? [say(`role_${of.role}`)] : [];
  return [...role, ...of.users].join(", ");
}
