// Where we are: the room, and the thing in it.
import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps, useRouterState } from "@tanstack/react-router";
import styles from "./frame.module.css";
import { jobRunQuery } from "./job-queries.ts";

interface Crumb {
  readonly label: string;
  readonly link: Pick<LinkProps, "to" | "params">;
}

export function Breadcrumb() {
  const {
    route,
    name = "",
    id = "",
  } = useRouterState({
    select: ({ matches }) => {
      const last = matches.at(-1);
      return { route: String(last?.routeId ?? ""), ...(last?.params as { name?: string; id?: string } | undefined) };
    },
    structuralSharing: true,
  });
  const { data: run } = useQuery({ ...jobRunQuery(id), enabled: id !== "" });
  const crumbs = trail(route, name || (run?.job ?? ""), id);
  return (
    <nav className={styles.crumbs} aria-label="Breadcrumb">
      <ol>
        {crumbs.map(({ label, link }, index) => (
          <li key={label}>
            <Link {...link} {...(index === crumbs.length - 1 ? { "aria-current": "page" as const } : {})}>
              {label}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function trail(route: string, name: string, id: string): Crumb[] {
  const jobs: Crumb = { label: "Jobs", link: { to: "/jobs" } };
  const job: Crumb = { label: name, link: { to: "/jobs/$name", params: { name } } };
  const models: Crumb = { label: "Models", link: { to: "/models" } };
  const applications: Crumb = { label: "Apps", link: { to: "/applications" } };
  if (route.startsWith("/job-runs"))
    return [
      jobs,
      ...(name ? [job] : []),
      { label: `run ${id.slice(-7)}`, link: { to: "/job-runs/$id", params: { id } } },
    ];
  if (route === "/jobs") return [jobs];
  if (route.startsWith("/jobs")) return [jobs, job];
  if (route === "/models") return [models];
  if (route.startsWith("/models")) return [models, { label: name, link: { to: "/models/$name", params: { name } } }];
  if (route === "/applications") return [applications];
  if (route.startsWith("/applications"))
    return [applications, { label: name, link: { to: "/applications/$name", params: { name } } }];
  return [{ label: "Home", link: { to: "/" } }];
}
