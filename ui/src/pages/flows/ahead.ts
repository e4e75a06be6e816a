/** The editor of a flow: it has a file of its own, loaded beside that of the page around it. */
import { ahead } from "../../parts/ahead";

export const Editor = ahead(() => import("./editor/Editor"));
