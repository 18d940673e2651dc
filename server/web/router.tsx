// Which address shows which page. Everything a page is set to lives in its address, so that back and links work.
import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { Crash } from "./pages/crash.tsx";
import { DeploymentPage } from "./pages/deployment/deployment-page.tsx";
import { ModelsPage } from "./pages/models-page.tsx";
import { NotFoundPage } from "./pages/not-found-page.tsx";
import { Frame } from "./parts/frame.tsx";
import { parseRangeSearch } from "./parts/time-range.ts";

const root = createRootRoute({ component: Frame, notFoundComponent: NotFoundPage, errorComponent: Crash });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/models", replace: true });
  },
});

const models = createRoute({ getParentRoute: () => root, path: "/models", component: ModelsPage });

const deployment = createRoute({
  getParentRoute: () => root,
  path: "/models/$name",
  validateSearch: parseRangeSearch,
  component: DeploymentPage,
});

export const router = createRouter({
  routeTree: root.addChildren([home, models, deployment]),
  basepath: "/ui",
  trailingSlash: "never",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
