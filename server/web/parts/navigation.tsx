// The rooms that exist, one level. At the left, folded to icons, or a bar at the bottom: the stylesheet decides by width.
import {
  IconApps,
  IconExternalLink,
  IconHome,
  IconListCheck,
  IconNotebook,
  IconTopologyStar3,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import styles from "./navigation.module.css";

const rooms = [
  { to: "/", name: "Home", Icon: IconHome },
  { href: "/lab", name: "Notebooks", Icon: IconNotebook },
  { to: "/jobs", name: "Jobs", Icon: IconListCheck, also: "/job-runs" },
  { to: "/models", name: "Models", Icon: IconTopologyStar3 },
  { to: "/applications", name: "Apps", Icon: IconApps },
] as const;

export function Navigation({ path }: { path: string }) {
  return (
    <nav className={styles.bar} aria-label="Main">
      <Link className={styles.brand} to="/" aria-label="Cellwright">
        <Mark />
        <span className={styles.word}>Cellwright</span>
      </Link>
      <ul className={styles.rooms}>
        {rooms.map((room) => (
          <li key={room.name}>
            {"href" in room ? (
              <a className={styles.room} href={room.href} title="Notebooks in JupyterLab">
                <Inside Icon={room.Icon} name={room.name} />
                <IconExternalLink className={styles.leaves} size={13} stroke={1.6} aria-hidden />
              </a>
            ) : (
              <Link
                className={styles.room}
                to={room.to}
                title={room.name}
                activeOptions={{ exact: room.to === "/" }}
                activeProps={{ "data-active": true }}
                {...("also" in room && path.startsWith(room.also) ? { "data-active": true } : {})}
              >
                <Inside Icon={room.Icon} name={room.name} />
              </Link>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Inside({ Icon, name }: { Icon: TablerIcon; name: string }) {
  return (
    <>
      <Icon size={20} stroke={1.6} aria-hidden />
      <span className={styles.name}>{name}</span>
    </>
  );
}

function Mark() {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
      <rect className={styles.mark} width="32" height="32" rx="7" />
      <rect className={styles.cell} x="6" y="7" width="20" height="8" rx="2" opacity=".4" />
      <rect className={styles.cell} x="6" y="18" width="20" height="8" rx="2" />
    </svg>
  );
}
