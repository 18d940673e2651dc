// The frame around every page: navigation, where we are, light or dark. A page ended by its session is replaced, not the frame.
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { SessionEndedPage } from "../pages/session-ended-page.tsx";
import { ColourSchemeToggle } from "./colour-scheme.tsx";
import styles from "./frame.module.css";
import { Navigation } from "./navigation.tsx";
import { useSessionEnded } from "./session.ts";

export function Frame() {
  const ended = useSessionEnded();
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        Skip to the content
      </a>
      <Navigation />
      <header className={styles.head}>
        <Breadcrumb />
        <ColourSchemeToggle />
      </header>
      <main className={styles.content} id="content" tabIndex={-1}>
        {ended ? <SessionEndedPage /> : <Outlet />}
      </main>
    </div>
  );
}

function Breadcrumb() {
  const name = useRouterState({
    select: ({ matches }) => (matches.at(-1)?.params as { name?: string } | undefined)?.name,
  });
  return (
    <nav className={styles.crumbs} aria-label="Breadcrumb">
      <ol>
        <li>
          <Link to="/models" activeOptions={{ exact: true }} activeProps={{ "aria-current": "page" }}>
            Models
          </Link>
        </li>
        {name !== undefined && (
          <li>
            <Link to="/models/$name" params={{ name }} aria-current="page">
              {name}
            </Link>
          </li>
        )}
      </ol>
    </nav>
  );
}
