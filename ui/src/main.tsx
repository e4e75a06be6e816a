import "@mantine/core/styles.css";
import "./app.css";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { ApiProblem, isUnreachable } from "./client/api";
import { useSession } from "./client/session";
import { askAhead } from "./pages/ahead";
import { theme, variables } from "./theme";

const AGAIN_MS_MAX = 5_000;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // What is refused is refused; a server that cannot be reached is asked until it can, which `Unreachable` tells.
      retry: (count, error) => isUnreachable(error) || (count < 3 && error instanceof ApiProblem && error.status === 503),
      retryDelay: (count) => Math.min(1_000 * 2 ** count, AGAIN_MS_MAX),
      refetchOnWindowFocus: true,
    },
  },
});

// What the address means is asked for as soon as it is known who asks: before anything is drawn.
const heard = useSession.subscribe(({ me }) => {
  heard();
  if (me) askAhead(queries, window.location.pathname);
});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
