import "./ui/styles/mantine.css";
import "./ui/styles/tokens.css";
import "./ui/styles/base.css";
import "./ui/styles/page.css";
import "./ui/styles/marks.css";
import "./ui/styles/lists.css";
import "./ui/styles/mantine-overrides.css";
import "./ui/styles/details.css";
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api.ts";
import { ProofGate } from "./features/proof/proof-gate.tsx";
import { router } from "./router.tsx";
import { keepFocus } from "./ui/keep-focus.ts";
import { cssVariablesResolver, theme } from "./ui/theme.ts";

// The key is the one that public/appearance.js reads before the first paint.
const colorSchemeManager = localStorageColorSchemeManager({ key: "rollcall-appearance" });

keepFocus();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
// The browser extension of TanStack Query finds the client here; so do the browser tests.
Object.assign(window, { __TANSTACK_QUERY_CLIENT__: queryClient });
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" autoClose={6000} limit={5} />
        <RouterProvider router={router} />
        <ProofGate />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
