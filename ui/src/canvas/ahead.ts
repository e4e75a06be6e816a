/** The canvas brings React Flow along: it has a file of its own. */
import { ahead } from "../parts/ahead";

export const Canvas = ahead(async () => ({ default: (await import("./Canvas")).Canvas }));
