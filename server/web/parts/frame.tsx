// The frame around every page: navigation, where we are, search, light or dark. A page ended by its session is replaced, not the
// frame. Search and notices load after the page.
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { SessionEndedPage } from "../pages/session-ended-page.tsx";
import { Breadcrumb } from "./breadcrumb.tsx";
import { ColourSchemeToggle } from "./colour-scheme.tsx";
import styles from "./frame.module.css";
import { Navigation } from "./navigation.tsx";
import { SearchButton } from "./search-button.tsx";
import { useSessionEnded } from "./session.ts";

const Notices = lazy(async () => ({ default: (await import("./notices.tsx")).Notices }));

export function Frame() {
  const ended = useSessionEnded();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        Skip to the content
      </a>
      <Navigation path={path} />
      <header className={styles.head}>
        <Breadcrumb />
        <div className={styles.tools}>
          <SearchButton />
          <ColourSchemeToggle />
        </div>
      </header>
      <main className={styles.content} id="content" tabIndex={-1}>
        {ended ? <SessionEndedPage /> : <Outlet />}
      </main>
      <Suspense>
        <Notices />
      </Suspense>
    </div>
  );
}
