/** Logging in and out, and the token that a link brings along. */
import { answer, api } from "./api";
import { useSession } from "./session";

/** Ask the server who we are, unless a link says it with a token. Never throws for nobody. */
export async function resume(): Promise<void> {
  const token = tokenFromLink();
  if (token !== null) {
    // Of a session that there was the server had this fetched already; a browser complains when nobody takes it.
    void api.GET("/api/v1/session/visitor");
    await logIn({ token }).catch(() => useSession.getState().ended());
    return;
  }
  try {
    const { me } = await answer(api.GET("/api/v1/session/visitor"));
    if (me === null) useSession.getState().ended();
    else useSession.getState().began(me);
  } catch (error) {
    useSession.getState().ended();
    throw error;
  }
}

export type Credentials = { token: string } | { name: string; password: string };

export async function logIn(credentials: Credentials): Promise<void> {
  useSession.getState().began(await answer(api.POST("/api/v1/session", { body: credentials })));
}

export async function logOut(): Promise<void> {
  await answer(api.DELETE("/api/v1/session"));
  useSession.getState().ended();
}

/** Take the token out of the address (`#token=...`), so that it stays neither there nor in the history. */
function tokenFromLink(): string | null {
  const { hash, pathname, search } = window.location;
  const token = new URLSearchParams(hash.slice(1)).get("token");
  if (token === null) return null;
  window.history.replaceState(null, "", (pathname === "/login" ? "/" : pathname) + search);
  return token;
}
